import { ArgumentError } from './argument-error.ts';
import type { ExactNumber } from './json/exact-number.ts';
import { isPlain, jsonText, kindOf, NotJson } from './json/json-text.ts';

/**
 * A value in the metadata of a file. Whole numbers beyond `Number.MAX_SAFE_INTEGER` come as bigint, other numbers as the
 * nearest JavaScript number, or as ExactNumber where that was asked for and they are not the same.
 */
export type MetadataValue =
  | string
  | number
  | bigint
  | ExactNumber
  | boolean
  | null
  | MetadataValue[]
  | { [key: string]: MetadataValue };

/** The metadata of a file, as it comes. */
export type Metadata = { [key: string]: MetadataValue };

/** A value that goes into metadata: also what makes JSON of itself, as a Date does; undefined is left out. */
export type MetadataInputValue =
  | string
  | number
  | bigint
  | ExactNumber
  | boolean
  | null
  | undefined
  | { toJSON(key: string): unknown }
  | readonly MetadataInputValue[]
  | { readonly [key: string]: MetadataInputValue };

/** Metadata to send. In changes, null deletes a key. */
export type MetadataInput = { readonly [key: string]: MetadataInputValue };

/** Levels below a file's metadata: what every server of ours takes at most. */
export const MAX_METADATA_DEPTH = 32;

/**
 * Metadata as it is sent, or what is wrong with it, in a sentence that names the key. All metadata of every method goes
 * through here: what JSON, or a server, would change or lose is refused before anything is sent.
 */
export const metadataText = (metadata: unknown): { text: string } | { problem: string } => {
  try {
    if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
      return { problem: `The metadata must be an object, it is ${kindOf(metadata)}.` };
    }
    const text = jsonText(metadata, { maxDepth: MAX_METADATA_DEPTH, textProblem });
    if (text.startsWith('{')) return { text };
    return { problem: `The metadata must be an object, its toJSON gives ${text.slice(0, 40)}.` };
  } catch (error) {
    if (!(error instanceof NotJson)) return { problem: `The metadata cannot be read: ${reason(error)}` };
    return { problem: `The metadata${error.path === '' ? '' : ` at ${error.path}`} ${error.problem}` };
  }
};

/** The same for methods that are about one file. @throws ArgumentError */
export const metadataTextOrThrow = (metadata: unknown): string => {
  const made = metadataText(metadata);
  if ('problem' in made) throw new ArgumentError(made.problem);
  return made.text;
};

/** Changes by file id. @throws ArgumentError where it is no plain object, such as a Map, which would change nothing */
export const changesOf = (changes: Readonly<Record<string, MetadataInput>>): [string, MetadataInput][] => {
  if (typeof changes === 'object' && changes !== null && isPlain(changes)) return Object.entries(changes);
  throw new ArgumentError(`changes must be an object with a key for each file id; it is ${kindOf(changes)}.`);
};

/** No database keeps either, so the server would refuse it. */
const textProblem = (text: string): string | null => {
  if (text.includes('\0')) return 'holds the character U+0000.';
  return text.isWellFormed() ? null : 'holds half of a surrogate pair.';
};

/** Whatever a getter threw: some of it is no text either. */
const reason = (error: unknown): string => {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return 'a getter failed';
  }
};
