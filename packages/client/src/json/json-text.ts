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
 * other classes unless they have `toJSON`, gaps in lists and keys of theirs, circles. Keys that are undefined are left out,
 * in lists undefined is null. A whole number has all of its digits, up to 1e21, and -0 its sign.
 * @throws NotJson
 */
export const jsonText = (
  value: unknown,
  { indent = 0, maxDepth = MAX_DEPTH, textProblem = () => null }: JsonTextOptions = {},
): string => {
  const above = new Set<object>();
  const steps: (string | number)[] = [];
  const refuse = (problem: string): never => {
    throw new NotJson(steps.map(stepText).join(''), problem);
  };

  const text = (given: string, what = ''): string => {
    const problem = textProblem(given);
    return problem === null ? JSON.stringify(given) : refuse(what + problem);
  };

  /** @returns undefined for what is left out */
  const write = (given: unknown, isMade = false): string | undefined => {
    if (above.size > maxDepth) refuse(`is nested deeper than ${maxDepth} levels.`);
    switch (typeof given) {
      case 'string':
        return text(given);
      case 'number':
        return Number.isFinite(given)
          ? digits(given)
          : refuse(`is ${given}: only finite numbers can be sent.`);
      case 'bigint':
      case 'boolean':
        return String(given);
      case 'undefined':
        return undefined;
      case 'object':
        return given === null ? 'null' : writeObject(given, isMade);
      default:
        return refuse(`is a ${typeof given}${NO_FORM}`);
    }
  };

  /** @param isMade by a `toJSON`, so that it is not asked for another */
  const writeObject = (given: object, isMade: boolean): string | undefined => {
    if (given instanceof ExactNumber) return given.text;
    if (isRawJson?.(given)) return given.rawJSON;
    if (Array.isArray(given)) return within(given, '[]', elements);
    if (!isMade && hasToJson(given)) return write(made(given), true);
    return isPlain(given) ? within(given, '{}', members) : refuse(`is ${kindOf(given)}${NO_FORM}`);
  };

  const made = (given: { toJSON(key: string): unknown }): unknown => {
    if (given instanceof Date && Number.isNaN(given.getTime())) refuse('is an invalid Date.');
    try {
      return given.toJSON(String(steps.at(-1) ?? ''));
    } catch (error) {
      return refuse(`cannot be read: ${error instanceof Error ? error.message : typeof error}`);
    }
  };

  const within = <Parent extends object>(
    parent: Parent,
    [open, close]: string,
    partsOf: (parent: Parent) => string[],
  ): string => {
    if (above.has(parent)) refuse('leads back to itself.');
    above.add(parent);
    const parts = partsOf(parent);
    const line = indent > 0 && parts.length > 0 ? `\n${' '.repeat(indent * above.size)}` : '';
    above.delete(parent);
    return `${open}${line}${parts.join(`,${line}`)}${line.slice(0, line.length - indent)}${close}`;
  };

  const elements = (list: readonly unknown[]): string[] => {
    const parts: string[] = [];
    for (let at = 0; at < list.length; at++) {
      steps.push(at);
      if (!(at in list)) refuse('is missing: the list has a gap.');
      parts.push(write(list[at]) ?? 'null');
      steps.pop();
    }
    // Indexes come first, so what stands behind them is none.
    const key = Object.keys(list)[list.length];
    if (key !== undefined) refuse(`is a list with a key, ${JSON.stringify(key)}, which JSON leaves out.`);
    return parts;
  };

  const members = (object: object): string[] => {
    if (Object.getOwnPropertySymbols(object).length > 0) refuse('has a key that is a symbol.');
    const parts: string[] = [];
    for (const key of Object.keys(object)) {
      steps.push(key);
      const name = text(key, 'has a key that ');
      const written = write((object as Record<string, unknown>)[key]);
      if (written !== undefined) parts.push(`${name}:${indent > 0 ? ' ' : ''}${written}`);
      steps.pop();
    }
    return parts;
  };

  return write(value) ?? refuse('is undefined.');
};

const NO_FORM = ', which JSON has no form for; give plain objects, lists, texts, numbers.';

/** Far from where the stack of any engine ends. */
const MAX_DEPTH = 500;

/** As a program would write it, so that it says where even a key with a dot in it is. */
const stepText = (step: string | number, depth: number): string => {
  if (typeof step === 'number') return `[${step}]`;
  if (!/^[\p{L}\p{N}_$-]+$/u.test(step)) return `[${JSON.stringify(step)}]`;
  return depth === 0 ? step : `.${step}`;
};

/** 2 ** 60 as a number prints with zeros at its end, which is another number, and -0 without its sign. */
const digits = (number: number): string => {
  if (Object.is(number, -0)) return '-0';
  return Number.isInteger(number) && !Number.isSafeInteger(number) && Math.abs(number) < 1e21
    ? BigInt(number).toString()
    : String(number);
};

const hasToJson = (given: object): given is { toJSON(key: string): unknown } =>
  'toJSON' in given && typeof given.toJSON === 'function' && !ArrayBuffer.isView(given);

/** Of whatever realm: the prototype of a plain object has none of its own. */
export const isPlain = (given: object): boolean => {
  const prototype: object | null = Object.getPrototypeOf(given);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};

/** `a Map`, `an Int8Array`. */
export const kindOf = (value: unknown): string => {
  if (value === null || value === undefined || typeof value === 'number') return String(value);
  const made: unknown = typeof value === 'object' ? value.constructor?.name : typeof value;
  const name = typeof made === 'string' && made !== '' ? made : 'Object';
  return `${/^[aeio]/i.test(name) ? 'an' : 'a'} ${name}`;
};

/** Of engines from 2025 on. */
const { isRawJSON: isRawJson } = JSON as { isRawJSON?: (value: unknown) => value is { rawJSON: string } };
