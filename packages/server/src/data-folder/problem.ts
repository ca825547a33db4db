import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { DomainError } from '../domain/errors.ts';

/** Does one step of opening a data folder. @throws one sentence that names the setting, the path and the cause */
export const explaining = async <T>(
  directory: string,
  path: string,
  step: () => Promise<T> | T,
): Promise<T> => {
  try {
    return await step();
  } catch (error) {
    throw new Error(sentence(directory, path, error), { cause: error });
  }
};

/** The same of an error that was met later; undefined for one that speaks of no file. */
export const dataFolderProblem = (directory: string, path: string, error: unknown): string | undefined => {
  const known = causeOf(error, path);
  return known && `The data folder cannot be used (SLUICE_DATA_DIR is ${directory}): ${known}`;
};

const sentence = (directory: string, path: string, error: unknown): string =>
  dataFolderProblem(directory, path, error) ??
  `${error instanceof Error ? error.message : String(error)} (SLUICE_DATA_DIR is ${directory})`;

/** Of errors of the file system, and of SQLite by its primary result code. */
const causeOf = (error: unknown, path: string): string | undefined => {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof DomainError) return causeOf(error.cause, path);
  if ('errcode' in error) return SQLITE[Number(error.errcode) & 0xff]?.(path);
  const { code, path: source = path, dest: at = source } = error as NodeJS.ErrnoException & { dest?: string };
  return code === undefined ? undefined : SYSTEM[code]?.(at);
};

const denied = (path: string): string => `permission to use ${path} is denied; ${ownership(path)}`;
const readOnly = (path: string): string => `${path} is read-only, or on a read-only file system`;
const full = (path: string): string => `the disk of ${path} is full`;

const folderInstead = (path: string): string => `${path} is a folder where a file belongs; move it away`;

const SYSTEM: Record<string, (path: string) => string> = {
  EACCES: denied,
  EPERM: denied,
  EROFS: readOnly,
  ENOSPC: full,
  EDQUOT: full,
  EEXIST: (path) => `${path} is not a folder`,
  ENOTDIR: (path) => `${path} is not in a folder`,
  EISDIR: (path) => folderInstead(path),
};

const SQLITE: Record<number, (path: string) => string> = {
  5: (path) => `another process has locked ${path}`,
  8: readOnly,
  10: (path) => `the disk of ${path} fails`,
  11: (path) => `${path} is damaged; restore it from a backup`,
  13: full,
  14: (path) => (isFolder(path) ? folderInstead(path) : `${path} cannot be opened; ${ownership(path)}`),
  26: (path) => `${path} is not a database`,
};

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

const ownership = (path: string): string => {
  try {
    const { uid } = statSync(path);
    return `${path} belongs to user ${uid}, and this process runs as user ${process.getuid?.()}`;
  } catch {
    return ownership(dirname(path)); // it is not there, or its folder may not be entered
  }
};
