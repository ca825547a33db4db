import type { ValidationProblem } from '@sluice/contract';
import { type Kind, MAX_PROBLEMS, Refused, refuse, within } from './problems.ts';

export type Property = { name: string; required: boolean; kind: Kind; default: unknown };

/** An object of known properties, read in the order of the schema; others are ignored, as FastAPI does. */
export const objectKind = (properties: readonly Property[]): Kind => {
  return (input) => {
    if (!isObject(input)) {
      const msg = 'Input should be a valid dictionary or object to extract fields from';
      return refuse('model_attributes_type', msg, input);
    }
    return readProperties(properties, input, input);
  };
};

/**
 * Reads properties of an object by name. Only its own are looked at, and only names of the schema are set, so neither
 * side's prototype has a part in it.
 * @param missingInput what a problem `missing` shows as its input
 */
export const readProperties = (
  properties: readonly Property[],
  from: Record<string, unknown>,
  missingInput: unknown,
): Record<string, unknown> | Refused => {
  const result: Record<string, unknown> = {};
  const problems: ValidationProblem[] = [];
  for (const { name, required, kind, default: value } of properties) {
    const read = Object.hasOwn(from, name)
      ? kind(from[name])
      : required
        ? refuse('missing', 'Field required', missingInput)
        : value;
    if (read instanceof Refused) problems.push(...within(name, read.problems));
    else if (read !== undefined) result[name] = read;
  }
  return problems.length > 0 ? new Refused(problems) : result;
};

export const anythingKind: Kind = (input) => input;

export const nullableKind = (kind: Kind): Kind => {
  return (input) => (input === null ? null : kind(input));
};

/** A JSON object with any keys, at most so many. Keys are data: `__proto__` is one like any other. */
export const recordKind = (
  value: Kind,
  limits: { most?: number | undefined; key?: Kind | undefined } = {},
): Kind => {
  const { most, key: keyKind = anythingKind } = limits;
  return (input) => {
    if (!isObject(input)) return refuse('dict_type', 'Input should be a valid dictionary', input);
    const keys = Object.keys(input);
    if (most !== undefined && keys.length > most) return tooLong('Dictionary', most, keys.length, input);
    const entry: Kind = (key) => both(keyKind(key), value(input[key as string]));
    const values = readEach(keys, entry, (index) => keys[index] as string);
    if (values instanceof Refused) return values;
    if (value === anythingKind) return input;
    // Not by assignment, which would set a prototype where the key is `__proto__`.
    return Object.fromEntries(keys.map((key, index) => [key, values[index]]));
  };
};

/** The value of an entry, unless something is wrong with it or with its key. */
const both = (key: unknown, value: unknown): unknown => {
  if (!(key instanceof Refused)) return value;
  const ofKey = within('[key]', key.problems);
  return new Refused(value instanceof Refused ? [...ofKey, ...value.problems] : ofKey);
};

/** A list of at most so many items; more are not looked at. */
export const arrayKind = (item: Kind, most?: number): Kind => {
  return (input) => {
    if (!Array.isArray(input)) return refuse('list_type', 'Input should be a valid list', input);
    if (most !== undefined && input.length > most) return tooLong('List', most, input.length, input);
    return readEach(input, item, (index) => index);
  };
};

const tooLong = (what: 'List' | 'Dictionary', most: number, found: number, input: unknown): Refused => {
  const items = most === 1 ? 'item' : 'items';
  const msg = `${what} should have at most ${most} ${items} after validation, not ${found}`;
  return refuse('too_long', msg, input, { field_type: what, max_length: most, actual_length: found });
};

const readEach = (
  values: readonly unknown[],
  kind: Kind,
  keyOf: (index: number) => string | number,
): unknown[] | Refused => {
  const result: unknown[] = [];
  const problems: ValidationProblem[] = [];
  for (let index = 0; index < values.length && problems.length < MAX_PROBLEMS; index += 1) {
    const read = kind(values[index]);
    if (read instanceof Refused) problems.push(...within(keyOf(index), read.problems));
    else result.push(read);
  }
  return problems.length > 0 ? new Refused(problems) : result;
};

const isObject = (input: unknown): input is Record<string, unknown> =>
  typeof input === 'object' && input !== null && !Array.isArray(input);
