import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What is uploaded: a file, and its sidecar where it has metadata. */
export type Document = {
  name: string;
  content: string | Uint8Array;
  /** A string or bytes are written as they are: a sidecar that is no metadata. */
  meta?: object | string | Uint8Array;
};

export const numbered = (count: number, stem = 'document'): string[] =>
  Array.from({ length: count }, (_, number) => `${stem}-${String(number).padStart(4, '0')}.txt`);

/** Of which no two have the same content or metadata. */
export const documents = (names: readonly string[], version = 1): Document[] =>
  names.map((name) => ({ name, content: contentOf(name, version), meta: { of: name, version } }));

export const contentOf = (name: string, version: number): string => `${name}, version ${version}`;

/** Writes them below the folder, each with its sidecar. Resolves to the folder. */
export const write = async (folder: string, files: readonly Document[]): Promise<string> => {
  await mkdir(folder, { recursive: true });
  for (const { name, content, meta } of files) {
    const path = join(folder, name);
    if (name.includes('/')) await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    if (meta !== undefined) await writeFile(`${path}.meta.json`, sidecarOf(meta));
  }
  return folder;
};

const sidecarOf = (meta: object | string | Uint8Array): string | Uint8Array =>
  typeof meta === 'string' || meta instanceof Uint8Array ? meta : JSON.stringify(meta);
