import { decodeFileName } from '@sluice/contract';

/** Longest name, and longest piece of it between slashes, in UTF-8 bytes: what file systems take on download. */
export const MAX_NAME_BYTES = 900;
export const MAX_SEGMENT_BYTES = 255;

/** A name as it will stand in the workspace, or what is wrong with it in a sentence. */
export type NameReading = { name: string; problem: string | null };

/** Reads the name out of what was sent: decoded once, normalised, then checked. */
export const readSentName = (sent: string): NameReading => {
  const name = decodeFileName(sent);
  return { name, problem: nameProblem(name) };
};

/** Why a file may not be called that; null if it may. A slash makes a relative path, which must stay inside. */
export const nameProblem = (name: string): string | null => {
  if (name === '') return 'The file has no name.';
  if (!name.isWellFormed() || name.includes('�')) return 'The name is not valid UTF-8.';
  if (CONTROL.test(name)) return 'The name contains a control character.';
  if (name.includes('\\')) return 'The name contains a backslash.';
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `The name is longer than ${MAX_NAME_BYTES} bytes.`;
  for (const segment of name.split('/')) {
    if (segment === '') return 'The name has an empty part between slashes, or a slash at its start or end.';
    if (segment === '.' || segment === '..') return 'The name contains the path segment "." or "..".';
    if (Buffer.byteLength(segment) > MAX_SEGMENT_BYTES) {
      return `A part of the name is longer than ${MAX_SEGMENT_BYTES} bytes.`;
    }
  }
  return null;
};

/** A name that is safe to show where the name itself is what is wrong: control characters become U+FFFD. */
export const printableName = (name: string): string =>
  name.toWellFormed().replace(new RegExp(CONTROL.source, 'gu'), '�');

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is what this is for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/u;
