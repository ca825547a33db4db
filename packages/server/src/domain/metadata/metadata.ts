import { METADATA_LIMITS, RESERVED_METADATA_KEYS } from '@sluice/contract';
import { DomainError } from '../errors.ts';
import type { Metadata } from '../file.ts';
import { findJsonError } from '../json/error.ts';
import { doubleOf, isJsonNumber, type JsonNumber, numberText, parseJson } from '../json/numbers.ts';
import { placeOf, placeWords } from '../json/place.ts';
import { readUtf8 } from '../json/utf8.ts';

export type MetadataReading = { metadata: Metadata } | { problem: DomainError };

/** Reads a sidecar, or the part `meta` of an upload. `null` and nothing at all are empty metadata. */
export const readMetadata = (bytes: Uint8Array): MetadataReading => {
  if (bytes.length > METADATA_LIMITS.totalBytes) return { problem: metadataTooLarge() };
  const reading = readUtf8(bytes);
  if ('text' in reading) return readMetadataText(reading.text);
  const place = placeWords(placeOf(reading.beginning, reading.at));
  return { problem: unfit(`The metadata is not valid UTF-8 (${place}).`) };
};

export const readMetadataText = (text: string): MetadataReading => {
  if (text.trim() === '') return { problem: unfit('The metadata is empty: write {} for none.') };
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    return { problem: unfit(notJson(text)) };
  }
  if (value === null) return { metadata: {} };
  const problem = metadataProblem(value);
  return problem === null ? { metadata: value as Metadata } : { problem };
};

/** Why a value may not be the metadata of a file, METADATA_TOO_LARGE or BAD_REQUEST; null if it may. */
export const metadataProblem = (value: unknown): DomainError | null => {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isJsonNumber(value)) {
    return unfit('The metadata is not a JSON object.');
  }
  for (const key of RESERVED_METADATA_KEYS) {
    if (Object.hasOwn(value, key)) return unfit(`The metadata key "${key}" is reserved.`);
  }
  const problem = valueProblem(value);
  if (problem !== null) return problem;
  return Buffer.byteLength(JSON.stringify(value)) > METADATA_LIMITS.totalBytes ? metadataTooLarge() : null;
};

/** Sets keys of an object of metadata; null deletes. Keys are data: `__proto__` is a key like any other. */
export const mergeMetadata = (current: Metadata, changes: Metadata): Metadata => {
  const merged = new Map([...Object.entries(current), ...Object.entries(changes)]);
  return Object.fromEntries([...merged].filter(([, value]) => value !== null));
};

/** All of it together is too large. */
export const metadataTooLarge = (): DomainError =>
  tooLarge(`The metadata is larger than ${METADATA_LIMITS.totalBytes} bytes.`);

const tooLarge = (message: string): DomainError => new DomainError('METADATA_TOO_LARGE', message);

const unfit = (message: string): DomainError => new DomainError('BAD_REQUEST', message);

/** Stops at the first problem, so that it takes time by the limits, not by the metadata. */
const valueProblem = (metadata: object): DomainError | null => {
  const { depth: deepest, values: most, pathBytes, valueBytes } = METADATA_LIMITS;
  let values = 0;
  const visit = (value: unknown, path: string, depth: number): DomainError | null => {
    if (depth > deepest) return unfit(`The metadata is nested deeper than ${deepest} levels.`);
    if (typeof value === 'string') {
      return Buffer.byteLength(value) > valueBytes
        ? tooLarge(`The metadata value at "${path}" is larger than ${valueBytes} bytes.`)
        : textProblem(value, path);
    }
    if (isJsonNumber(value)) return numberProblem(value, path);
    if (typeof value !== 'object' || value === null) return null;
    const keys = Object.keys(value);
    values += keys.length;
    if (values > most)
      return unfit(`The metadata has more than ${most} keys and list elements, all levels counted.`);
    for (const key of keys) {
      const under = path === '' ? key : `${path}.${key}`;
      if (Buffer.byteLength(under) > pathBytes) {
        return unfit(
          `The metadata key "${under.slice(0, 40)}…", with those above it, is longer than ${pathBytes} bytes.`,
        );
      }
      const problem =
        (Array.isArray(value) ? null : textProblem(key, path)) ??
        visit((value as Metadata)[key], under, depth + 1);
      if (problem !== null) return problem;
    }
    return null;
  };
  return visit(metadata, '', 0);
};

/** PostgreSQL's text and jsonb hold neither, and an answer must be the same whatever the store is. */
const textProblem = (text: string, path: string): DomainError | null => {
  const where = path === '' ? '' : ` at "${path}"`;
  if (text.includes('\0')) return unfit(`The metadata${where} contains the character U+0000.`);
  return text.isWellFormed() ? null : unfit(`The metadata${where} contains half of a surrogate pair.`);
};

const numberProblem = (number: JsonNumber, path: string): DomainError | null => {
  const { numberCharacters: most } = METADATA_LIMITS;
  if (numberText(number).length > most) {
    return unfit(`The metadata number at "${path}" is longer than ${most} characters: send it as a text.`);
  }
  return Number.isFinite(doubleOf(number))
    ? null
    : unfit(`The metadata number at "${path}" is out of range.`);
};

/** What is wrong with a text that is no JSON, and where. */
const notJson = (text: string): string => {
  const error = findJsonError(text);
  if (!error) return 'The metadata is not valid JSON.';
  return `The metadata is not valid JSON (${placeWords(placeOf(text, error.stop))}): ${error.message}.`;
};
