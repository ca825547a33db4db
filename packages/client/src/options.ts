import { ArgumentError, shown } from './argument-error.ts';
import { isPlain, kindOf } from './json/json-text.ts';
import { LONGEST_TIMER_MS } from './pause.ts';

/** What an option has to be, to go behind "must be"; null for one that is. */
export type Requirement = (value: unknown) => string | null;

export const wholeNumber: Requirement = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 1 ? null : 'a whole number, 1 or more';

/** Infinity stands for no limit. */
export const wholeNumberOrInfinity: Requirement = (value) =>
  value === Number.POSITIVE_INFINITY || wholeNumber(value) === null
    ? null
    : 'a whole number, 1 or more, or Infinity';

export const milliseconds: Requirement = (value) =>
  typeof value === 'number' && value >= 0 && value <= LONGEST_TIMER_MS
    ? null
    : `a number of milliseconds, ${LONGEST_TIMER_MS} at most`;

export const oneOf =
  (words: readonly string[]): Requirement =>
  (value) =>
    words.includes(value as string) ? null : `one of ${words.join(', ')}`;

export const boolean: Requirement = (value) => (typeof value === 'boolean' ? null : 'true or false');
export const callback: Requirement = (value) => (typeof value === 'function' ? null : 'a function');

/** Of whatever realm. What is meant where a controller is given is its `signal`. */
export const abortSignal: Requirement = (value) =>
  typeof value === 'object' && value !== null && 'aborted' in value ? null : 'an AbortSignal';

/**
 * What is read by its own keys. Of a Map, of URLSearchParams, of a signal that stands in place of `{ signal }` there would
 * be nothing, which for a list is all.
 * @throws ArgumentError
 */
export const plain = <Given extends object>(given: Given, what = 'options'): Given => {
  if (typeof given === 'object' && given !== null && isPlain(given)) return given;
  throw new ArgumentError(`The ${what} must be a plain object, {} at least; it is ${kindOf(given)}.`);
};

/**
 * Looks at those of the options that are given: a word nobody knows, or what is no number, would else be taken for
 * something, and show as a wrong outcome far from here.
 * @throws ArgumentError that names the option
 */
export const needOptions = (options: object, requirements: Readonly<Record<string, Requirement>>): void => {
  for (const [name, requirement] of Object.entries(requirements)) {
    const value = (options as Record<string, unknown>)[name];
    const needed = value === undefined ? null : requirement(value);
    if (needed !== null) throw new ArgumentError(`${name} must be ${needed}; it is ${shown(value)}.`);
  }
};
