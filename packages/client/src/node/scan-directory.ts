import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileNameOfSidecar, isSidecar } from '@sluice/contract/plain';
import { ArgumentError, needText, needTexts, refuseUnset } from '../argument-error.ts';
import { abortSignal, boolean, callback, needOptions, plain } from '../options.ts';
import { orAborted } from '../or-aborted.ts';
import { fsPath, pathText } from './local-path.ts';

/**
 * A path below the folder that was scanned, with forward slashes, and where it is on disk. Bytes that are no UTF-8 stand as
 * U+DC80 to U+DCFF in both: `fsPath` makes of it what node:fs takes.
 */
export type FoundFile = { relativePath: string; path: string };

export type ScanOptions = {
  /** Folders within the folder as well; true where absent. */
  recursive?: boolean;
  /** Ends of names, such as `.txt`, with or without the dot; all where absent. A sidecar goes with its file. */
  fileTypes?: readonly string[];
  /** Asked for each file and folder, by its path below the folder. Where absent: all that start with no dot. */
  include?: (relativePath: string) => boolean;
  /** Ends it with the signal's reason. */
  signal?: AbortSignal | undefined;
};

/**
 * Everything in a folder that is not a folder itself, in order of name. Links to files are followed, links to folders
 * are handed out as they are: following them could go round in circles. So are folders within it that cannot be read, for
 * whoever opens them to find out why; where the folder itself cannot be read, it rejects.
 */
export const scanDirectory = async (folder: string, options: ScanOptions = {}): Promise<FoundFile[]> => {
  checkScan(folder, options);
  return orAborted(scanAll(folder, options), options.signal);
};

/**
 * An empty path would be the current folder, and types that are not said every file.
 * @throws ArgumentError
 */
export const checkScan = (folder: string, options: ScanOptions): void => {
  needText(folder, 'folder');
  needOptions(plain(options), { recursive: boolean, include: callback, signal: abortSignal });
  refuseUnset(options, ['fileTypes', 'include', 'recursive']);
  const { fileTypes } = options;
  if (fileTypes !== undefined && needTexts(fileTypes, 'fileTypes').length === 0) {
    throw new ArgumentError('The fileTypes are an empty list. Leave it out for files of every type.');
  }
};

const scanAll = async (folder: string, options: ScanOptions): Promise<FoundFile[]> => {
  const { recursive = true, fileTypes = [], include = isVisible, signal } = options;
  const ends = fileTypes.map((type) => (type.startsWith('.') ? type : `.${type}`));
  const found: FoundFile[] = [];
  const scan = async (at: string, below: string): Promise<void> => {
    const names: string[] = [];
    const folders = new Set<string>();
    // Read as it comes, for the names alone: whole entries of a large folder would be the most of what is held.
    try {
      for await (const entry of await opendir(fsPath(at), AS_BYTES)) {
        const name = pathText(entry.name as unknown as Uint8Array);
        names.push(name);
        if (entry.isDirectory()) folders.add(name);
      }
    } catch (error) {
      if (below === '') throw error;
      found.push({ relativePath: below.slice(0, -1), path: at });
    }
    names.sort();
    const before = join(at, '-').slice(0, -1); // joining each name would leave four strings behind for one
    for (const name of names) {
      signal?.throwIfAborted();
      const relativePath = below + name;
      const path = before + name;
      if (!include(relativePath)) continue;
      if (!folders.has(name)) {
        if (isOfType(name, ends)) found.push({ relativePath, path });
      } else if (recursive) await scan(path, `${relativePath}/`);
    }
  };
  await scan(folder, '');
  return found;
};

/** The types know of no names but text. */
const AS_BYTES = { bufferSize: 256, encoding: 'buffer' as BufferEncoding };

const isOfType = (name: string, ends: readonly string[]): boolean => {
  const file = isSidecar(name) ? fileNameOfSidecar(name) : name;
  return ends.length === 0 || ends.some((end) => file.endsWith(end));
};

const isVisible = (relativePath: string): boolean => !/(^|\/)\.[^/]*$/.test(relativePath);
