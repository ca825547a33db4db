import { UsageError } from '../usage-error.ts';

/** An option as it is typed, read and explained. Absent where it was not given. */
export type Option<Value> = {
  /** What stands for its value in the help; null for one that takes none. */
  placeholder: string | null;
  summary: string;
  /** It may be given several times. */
  many: boolean;
  /** It can be given as `--no-…` too, and stands for that in the help as well. */
  negatable: boolean;
  /** @throws UsageError with what is wrong with it, to be set behind the option's name */
  read(texts: readonly string[]): Value;
};

export type Options = Readonly<Record<string, Option<unknown>>>;

/** What a command gets: a property for each option that was given. */
export type Values<Given extends Options> = {
  [Name in keyof Given]?: Given[Name] extends Option<infer Value> ? Value : never;
};

export const flag = (summary: string): Option<boolean> => ({
  ...{ placeholder: null, summary, many: false, negatable: false },
  read: () => true,
});

/** On or off; which it is where it is not given is for the summary to say. */
export const onOrOff = (summary: string): Option<boolean> => ({ ...flag(summary), negatable: true });

export const text = (placeholder: string, summary: string): Option<string> => ({
  ...{ placeholder, summary, many: false, negatable: false },
  read: (texts) => {
    const given = texts.at(-1) ?? '';
    if (given === '') throw new UsageError('needs a value');
    return given;
  },
});

export const texts = (placeholder: string, summary: string): Option<readonly string[]> => ({
  ...{ placeholder, summary, many: true, negatable: false },
  read: (given) => given,
});

/** A whole number from `least` on. */
export const count = (placeholder: string, least: number, summary: string): Option<number> => ({
  ...{ placeholder, summary, many: false, negatable: false },
  read: (texts) => {
    const given = texts.at(-1) ?? '';
    if (!/^\d{1,9}$/.test(given) || Number(given) < least) {
      throw new UsageError(`must be a whole number, ${least} or more`);
    }
    return Number(given);
  },
});

/** One of some words, in whatever case it is typed. */
export const choice = <const Choice extends string>(
  choices: readonly Choice[],
  summary: string,
): Option<Choice> => ({
  ...{ placeholder: choices.join('|'), summary, many: false, negatable: false },
  read: (texts) => {
    const found = choices.find((one) => one === texts.at(-1)?.toUpperCase());
    if (found === undefined) throw new UsageError(`must be one of ${choices.join(', ')}`);
    return found;
  },
});

/** `writeMode` is typed `--write-mode`. */
export const optionName = (property: string): string =>
  property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
