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
    const read = readEach(Object.entries(input), value);
    return read instanceof Refused ? read : Object.fromEntries(read);
  };
};

export const arrayKind = (item: Kind): Kind => {
  return (input) => {
    if (!Array.isArray(input)) return refuse('list_type', 'Input should be a valid list', input);
    const read = readEach(input.entries(), item);
    return read instanceof Refused ? read : read.map(([, value]) => value);
  };
};

const readEach = <Key extends string | number>(
  entries: Iterable<[Key, unknown]>,
  kind: Kind,
): [Key, unknown][] | Refused => {
  const result: [Key, unknown][] = [];
  const problems: ValidationProblem[] = [];
  for (const [key, value] of entries) {
    const read = kind(value);
    if (read instanceof Refused) problems.push(...within(key, read.problems));
    else result.push([key, read]);
    if (problems.length >= MAX_PROBLEMS) break;
  }
  return problems.length > 0 ? new Refused(problems) : result;
};

const isObject = (input: unknown): input is Record<string, unknown> =>
  typeof input === 'object' && input !== null && !Array.isArray(input);
