import { ArgumentError } from '../argument-error.ts';
import { ExactNumber } from './exact-number.ts';

/** Something that JSON has no form for, and where it is: `a.b[2]`. */
export class NotJson extends ArgumentError {
  /** Empty for the whole. */
  readonly path: string;
  /** What goes behind the path to make a sentence of it. */
  readonly problem: string;

  constructor(path: string, problem: string) {
    super(`${path === '' ? 'The value' : path} ${problem}`);
    this.path = path;
    this.problem = problem;
  }
}

export type JsonTextOptions = {
  /** Blanks for each level, on lines of their own; all on one line where absent. */
  indent?: number;
  /** Objects and lists that one value may be in. */
  maxDepth?: number;
  /** Called with every key and text. @returns what is wrong with it, to go behind its path; null where nothing is */
  textProblem?: (text: string) => string | null;
};

/**
 * As `JSON.stringify`, with bigint and ExactNumber as plain digits, and with an error in place of what that changes or
 * leaves out without a word: NaN and infinities, invalid dates, functions, symbols, maps, sets, typed arrays, objects of
 * other classes unless they have `toJSON`, gaps in lists, circles. Keys that are undefined are left out, in lists undefined
 * is null. A whole number has all of its digits, up to 1e21.
 * @throws NotJson
 */
export const jsonText = (
  value: unknown,
  { indent = 0, maxDepth = MAX_DEPTH, textProblem = () => null }: JsonTextOptions = {},
): string => {
  const above = new Set<object>();

  const text = (given: string, path: string, what = ''): string => {
    const problem = textProblem(given);
    if (problem !== null) throw new NotJson(path, what + problem);
    return JSON.stringify(given);
  };

  const within = (parent: object, path: string, [open, close]: string, parts: () => string[]): string => {
    if (above.has(parent)) throw new NotJson(path, 'leads back to itself.');
    above.add(parent);
    const all = parts();
    const line = indent > 0 && all.length > 0 ? `\n${' '.repeat(indent * above.size)}` : '';
    above.delete(parent);
    return `${open}${line}${all.join(`,${line}`)}${line.slice(0, line.length - indent)}${close}`;
  };

  /** @returns undefined for what is left out */
  const write = (given: unknown, path: string, key: string, isMade = false): string | undefined => {
    if (above.size > maxDepth) throw new NotJson(path, `is nested deeper than ${maxDepth} levels.`);
    switch (typeof given) {
      case 'string':
        return text(given, path);
      case 'number':
        return numberText(given, path);
      case 'bigint':
      case 'boolean':
        return String(given);
      case 'undefined':
        return undefined;
      case 'object':
        return given === null ? 'null' : writeObject(given, path, key, isMade);
      default:
        throw new NotJson(path, `is a ${typeof given}${NO_FORM}`);
    }
  };

  /** @param isMade by a `toJSON`, so that it is not asked for another */
  const writeObject = (given: object, path: string, key: string, isMade: boolean): string | undefined => {
    if (given instanceof ExactNumber) return given.text;
    if (isRawJson?.(given)) return given.rawJSON;
    if (Array.isArray(given)) return within(given, path, '[]', () => elements(given, path));
    if (!isMade && hasToJson(given)) return write(made(given, path, key), path, key, true);
    if (!isPlain(given)) throw new NotJson(path, `is ${kindOf(given)}${NO_FORM}`);
    return within(given, path, '{}', () => members(given, path));
  };

  const elements = (list: readonly unknown[], path: string): string[] =>
    Array.from(list, (element, at) => {
      if (!(at in list)) throw new NotJson(`${path}[${at}]`, 'is missing: the list has a gap.');
      return write(element, `${path}[${at}]`, String(at)) ?? 'null';
    });

  const members = (object: object, path: string): string[] => {
    if (Object.getOwnPropertySymbols(object).length > 0)
      throw new NotJson(path, 'has a key that is a symbol.');
    return Object.keys(object).flatMap((key) => {
      const under = path + step(key, path === '');
      const name = text(key, under, 'has a key that ');
      const written = write((object as Record<string, unknown>)[key], under, key);
      return written === undefined ? [] : `${name}:${indent > 0 ? ' ' : ''}${written}`;
    });
  };

  const written = write(value, '', '');
  if (written === undefined) throw new NotJson('', 'is undefined.');
  return written;
};

const NO_FORM = ', which JSON has no form for; give plain objects, lists, texts, numbers.';

/** Far from where the stack of any engine ends. */
const MAX_DEPTH = 500;

/** As a program would write it, so that it says where even a key with a dot in it is. */
const step = (key: string, first: boolean): string => {
  if (!/^[\p{L}\p{N}_$-]+$/u.test(key)) return `[${JSON.stringify(key)}]`;
  return first ? key : `.${key}`;
};

const numberText = (number: number, path: string): string => {
  if (!Number.isFinite(number)) throw new NotJson(path, `is ${number}: only finite numbers can be sent.`);
  // 2 ** 60 as a number prints with zeros at its end, which is another number.
  const isCut = Number.isInteger(number) && !Number.isSafeInteger(number) && Math.abs(number) < 1e21;
  return isCut ? BigInt(number).toString() : String(number);
};

const hasToJson = (given: object): given is { toJSON(key: string): unknown } =>
  'toJSON' in given && typeof given.toJSON === 'function' && !ArrayBuffer.isView(given);

const made = (given: { toJSON(key: string): unknown }, path: string, key: string): unknown => {
  if (given instanceof Date && Number.isNaN(given.getTime())) throw new NotJson(path, 'is an invalid Date.');
  try {
    return given.toJSON(key);
  } catch (error) {
    throw new NotJson(path, `cannot be read: ${error instanceof Error ? error.message : error}`);
  }
};

/** Of whatever realm: the prototype of a plain object has none of its own. */
export const isPlain = (given: object): boolean => {
  const prototype: object | null = Object.getPrototypeOf(given);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};

/** `a Map`, `an Int8Array`. */
export const kindOf = (value: unknown): string => {
  if (value === null || value === undefined || typeof value === 'number') return String(value);
  const name = typeof value === 'object' ? value.constructor?.name || 'Object' : typeof value;
  return `${/^[aeio]/i.test(name) ? 'an' : 'a'} ${name}`;
};

/** Of engines from 2025 on. */
const { isRawJSON: isRawJson } = JSON as { isRawJSON?: (value: unknown) => value is { rawJSON: string } };
