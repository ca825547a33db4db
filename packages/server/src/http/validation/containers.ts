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

/** A JSON object with any keys. Keys are data: `__proto__` is one like any other. */
export const recordKind = (value: Kind): Kind => {
  return (input) => {
    if (!isObject(input)) return refuse('dict_type', 'Input should be a valid dictionary', input);
    if (value === anythingKind) return input;
    const keys = Object.keys(input);
    const values = readEach(
      keys.map((key) => input[key]),
      value,
      (index) => keys[index] as string,
    );
    // Not by assignment, which would set a prototype where the key is `__proto__`.
    return values instanceof Refused
      ? values
      : Object.fromEntries(keys.map((key, index) => [key, values[index]]));
  };
};

export const arrayKind = (item: Kind): Kind => {
  return (input) => {
    if (!Array.isArray(input)) return refuse('list_type', 'Input should be a valid list', input);
    return readEach(input, item, (index) => index);
  };
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
