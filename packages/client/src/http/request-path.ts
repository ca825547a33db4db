import { ArgumentError, needText } from '../argument-error.ts';

/** The pieces of a path below the API's root, as they are called: the words of the API, names and ids. */
export type RequestPath = readonly string[];

/**
 * `/workspaces/a%20b/files`. An empty piece, `.` and `..` would lead to another resource than the one that was meant:
 * without its id a file's path is that of all files, and one level up it is the workspace's.
 * @throws ArgumentError
 */
export const pathOf = (pieces: RequestPath): string =>
  pieces.map((piece, at) => `/${encodeURIComponent(checked(piece, pieces[at - 1]))}`).join('');

const checked = (piece: string, before: string | undefined): string => {
  const what = WHAT[before ?? ''] ?? 'path';
  needText(piece, what);
  if (piece === '.' || piece === '..') throw new ArgumentError(`The ${what} cannot be ${piece}.`);
  if (!piece.isWellFormed()) throw new ArgumentError(`The ${what} is not valid Unicode.`);
  return piece;
};

const WHAT: Record<string, string> = {
  workspaces: 'workspace name',
  files: 'file id',
  upload_sessions: 'session id',
  token: 'token id',
  users: 'user id',
};
