import type { Dirent, Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { UploadInput } from '@sluice/client/node';
import { fileNameOfSidecar, isSidecar } from '@sluice/contract';
import { UsageError } from '../usage-error.ts';

export type Selection = {
  /** Folders within folders as well. */
  recursive: boolean;
  /** Ends of names, such as `.txt`; none stands for all. A sidecar goes with its file. */
  types: readonly string[];
};

/**
 * The files that paths stand for: a file by its own name, those of a folder by their paths below it, in order of name
 * and without what starts with a dot. What two paths have in common comes once.
 * @throws UsageError where there is nothing at a path
 */
export const findInputs = async (paths: readonly string[], selection: Selection): Promise<UploadInput[]> => {
  const stats = await Promise.all(paths.map((path) => stat(path).catch(() => null)));
  const missing = paths.filter((_, index) => stats[index] === null);
  if (missing.length > 0) throw new UsageError(`There is nothing to read at ${missing.join(', ')}.`);

  const found = new Map<string, UploadInput>();
  const add = (name: string, path: string) => {
    if (!isOfType(name, selection.types)) return;
    found.set(`${resolve(path)}\0${name}`, { name, body: { path } });
  };
  for (const [index, path] of paths.entries()) {
    if ((stats[index] as Stats).isDirectory()) await addFolder(path, '', selection.recursive, add);
    else add(basename(resolve(path)), path);
  }
  return [...found.values()];
};

const addFolder = async (
  folder: string,
  below: string,
  recursive: boolean,
  add: (name: string, path: string) => void,
): Promise<void> => {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a: Dirent, b: Dirent) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    // A link to a folder is handed on as it is, and then reported: followed, it could lead round in circles.
    if (!entry.isDirectory()) add(below + entry.name, path);
    else if (recursive) await addFolder(path, `${below}${entry.name}/`, recursive, add);
  }
};

const isOfType = (name: string, types: readonly string[]): boolean => {
  const file = isSidecar(name) ? fileNameOfSidecar(name) : name;
  return types.length === 0 || types.some((type) => file.endsWith(type.startsWith('.') ? type : `.${type}`));
};
