import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { type FilePath, scanDirectory, type UploadInput } from '@sluice/client/node';
import { fileNameOfSidecar, isSidecar } from '@sluice/contract/plain';
import { UsageError } from '../usage-error.ts';

export type Selection = {
  /** Folders within folders as well. */
  recursive: boolean;
  /** Ends of names, such as `.txt`; none stands for all. A sidecar goes with its file. */
  fileTypes: readonly string[];
};

/** A file on disk, under the name it is to have. */
export type FileInput = UploadInput & { body: FilePath };

/**
 * The files that paths stand for: a file by its own name, those of a folder by their paths below it, in order of name
 * and without what starts with a dot. What two paths have in common comes once.
 * @throws UsageError where there is nothing at a path
 */
export const findInputs = async (paths: readonly string[], selection: Selection): Promise<FileInput[]> => {
  const stats = await Promise.all(paths.map((path) => stat(path).catch(() => null)));
  const missing = paths.filter((_, index) => stats[index] === null);
  if (missing.length > 0) throw new UsageError(`There is nothing to read at ${missing.join(', ')}.`);

  const found = new Map<string, FileInput>();
  const add = (name: string, path: string) => {
    const body = { path: resolve(path) };
    found.set(`${body.path}\0${name}`, { name, body });
  };
  const { recursive, fileTypes } = selection;
  const scan = { recursive, ...(fileTypes.length === 0 ? {} : { fileTypes }) };
  for (const [index, path] of paths.entries()) {
    if (stats[index]?.isDirectory()) {
      for (const file of await scanDirectory(path, scan)) add(file.relativePath, file.path);
    } else {
      const name = basename(resolve(path));
      if (isOfType(name, selection.fileTypes)) add(name, path);
    }
  }
  return [...found.values()];
};

const isOfType = (name: string, types: readonly string[]): boolean => {
  const file = isSidecar(name) ? fileNameOfSidecar(name) : name;
  return types.length === 0 || types.some((type) => file.endsWith(type.startsWith('.') ? type : `.${type}`));
};
