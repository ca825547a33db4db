/** What a method was given cannot be meant. Thrown before anything is sent, so nothing was done. */
export class ArgumentError extends TypeError {
  override readonly name = 'ArgumentError';
}

/** A value as a message shows it, short enough for a line. */
export const shown = (value: unknown): string => {
  if (typeof value === 'string') return value === '' ? 'empty' : JSON.stringify(value.slice(0, 40));
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
};

/** @throws ArgumentError unless it is a text that is not empty */
export const needText = (value: unknown, what: string): string => {
  if (typeof value === 'string' && value !== '') return value;
  throw new ArgumentError(`The ${what} must be a text that is not empty; it is ${shown(value)}.`);
};

/** @throws ArgumentError unless it is a list of texts, none of them empty; the list itself may be */
export const needTexts = (value: unknown, what: string): readonly string[] => {
  if (!Array.isArray(value)) throw new ArgumentError(`The ${what} must be a list; it is ${shown(value)}.`);
  value.forEach((one, at) => {
    needText(one, `element ${at} of the ${what}`);
  });
  return value;
};

/** @throws ArgumentError unless it is a number from `least` on; NaN is none */
export const needNumber = (value: unknown, least: number, what: string): number => {
  if (typeof value === 'number' && value >= least) return value;
  throw new ArgumentError(`The ${what} must be a number, ${least} or more; it is ${shown(value)}.`);
};

/**
 * Refuses options that are there without saying anything, where leaving them out means more, or all: a variable that
 * was never set must not widen what is done.
 * @throws ArgumentError
 */
export const refuseUnset = (given: object, names: readonly string[]): void => {
  for (const name of names) {
    if (!Object.hasOwn(given, name)) continue;
    const value = (given as Record<string, unknown>)[name];
    const says = value !== undefined && value !== null && value !== '' && !Number.isNaN(value);
    if (!says)
      throw new ArgumentError(`${name} is ${shown(value)}. Leave it out where nothing is meant by it.`);
  }
};
