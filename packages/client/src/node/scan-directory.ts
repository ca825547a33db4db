import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A path below the folder that was scanned, with forward slashes, and where it is on disk. */
export type FoundFile = { relativePath: string; path: string };

/**
 * Everything in a folder that is not a folder itself, in order of name. Links to files are followed, links to folders
 * are handed out as they are: following them could go round in circles.
 * @param include asked for each file and folder, by its relative path
 */
export const scanDirectory = async (
  folder: string,
  { recursive, include }: { recursive: boolean; include: (relativePath: string) => boolean },
  below = '',
): Promise<FoundFile[]> => {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: FoundFile[] = [];
  for (const entry of entries) {
    const relativePath = below + entry.name;
    const path = join(folder, entry.name);
    if (!include(relativePath)) continue;
    if (!entry.isDirectory()) found.push({ relativePath, path });
    else if (recursive)
      found.push(...(await scanDirectory(path, { recursive, include }, `${relativePath}/`)));
  }
  return found;
};
