import { Option as CommanderOption } from 'commander';
import { UsageError } from '../usage-error.ts';

/** How an option is typed, read and explained. Its property is absent where it was not given. */
export type Option<Value> = {
  /** What stands for its value in the help; null for one that takes none. */
  placeholder: string | null;
  summary: string;
  /** It can be given as `--no-…` too. */
  negatable?: true;
  /** It is taken, but stands in no help: a name of the official command line. */
  hidden?: true;
  /** What completion offers for its value: words, or `files` for names of files. */
  values?: readonly string[] | 'files';
  /** @throws UsageError with what is wrong with it, to be set behind the option's name */
  read(text: string, before: unknown): Value;
};

export type Options = Readonly<Record<string, Option<unknown>>>;

/** What a command gets: a property for each option that was given. */
export type Values<Given extends Options> = {
  [Name in keyof Given]?: Given[Name] extends Option<infer Value> ? Value : never;
};

export const flag = (summary: string): Option<boolean> => ({ placeholder: null, summary, read: () => true });

/** On or off; which it is where it is not given is for the summary to say. */
export const onOrOff = (summary: string): Option<boolean> => ({ ...flag(summary), negatable: true });

export const text = (placeholder: string, summary: string): Option<string> => ({
  placeholder,
  summary,
  read: (given) => {
    if (given === '') throw new UsageError('needs a value');
    return given;
  },
});

export const path = (placeholder: string, summary: string): Option<string> => ({
  ...text(placeholder, summary),
  values: 'files',
});

/** May be given several times. */
export const texts = (placeholder: string, summary: string): Option<readonly string[]> => ({
  placeholder,
  summary: `${summary}; may be given several times`,
  read: (given, before = []) => {
    if (given.trim() === '') throw new UsageError('needs a value');
    return [...(before as readonly string[]), given];
  },
});

/** A whole number from `least` on. */
export const count = (placeholder: string, least: number, summary: string): Option<number> => ({
  placeholder,
  summary,
  read: (given) => {
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
  placeholder: choices.join('|'),
  summary,
  values: choices,
  read: (given) => {
    const found = choices.find((one) => one.toUpperCase() === given.toUpperCase());
    if (found === undefined) throw new UsageError(`must be one of ${choices.join(', ')}`);
    return found;
  },
});

/** Some of some words, one each time it is given. */
export const choices = <const Choice extends string>(
  all: readonly Choice[],
  summary: string,
): Option<readonly Choice[]> => {
  const one = choice(all, '');
  return {
    ...one,
    summary: `${summary}; may be given several times`,
    read: (given, before = []) => [...(before as readonly Choice[]), one.read(given, undefined)],
  };
};

export const hidden = <Value>(option: Option<Value>): Option<Value> => ({ ...option, hidden: true });

/** `writeMode` is typed `--write-mode`. */
export const optionName = (property: string): string =>
  property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The same for the parser: one, or two where it can be negated. */
export const commanderOptions = (property: string, option: Option<unknown>): CommanderOption[] => {
  const { placeholder, summary, negatable, hidden: hide = false, read } = option;
  const name = optionName(property);
  if (placeholder === null) {
    const plain = new CommanderOption(`--${name}`, summary).hideHelp(hide);
    // The help shows both by the first one, see program.ts.
    return negatable ? [plain, new CommanderOption(`--no-${name}`).hideHelp()] : [plain];
  }
  const valued = new CommanderOption(`--${name} <${placeholder}>`, summary).hideHelp(hide);
  valued.argParser((given: string, before: unknown): unknown => {
    try {
      return read(given, before);
    } catch (error) {
      // The parser's own message would show the value, which may be a key in the wrong place.
      throw error instanceof UsageError ? new UsageError(`--${name} ${error.message}.`) : error;
    }
  });
  return [valued];
};
