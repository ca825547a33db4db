import { type Command, SHARED_OPTIONS } from '../command-line/command.ts';
import { type Option, type Options, optionName } from '../command-line/option.ts';

export type Suggestion = { word: string; summary: string };

/** What may be typed, as the shells need it. */
export type CompletionTable = {
  /** By the words typed so far (`''`, `files`): those that may follow. */
  words: Map<string, Suggestion[]>;
  /** By the words of a command: its own options. */
  options: Map<string, Suggestion[]>;
  /** Options of every command. */
  shared: Suggestion[];
  /** By an option that takes a value: the words it may be, or names of files, or nothing one could know. */
  values: Map<string, readonly string[] | 'files' | null>;
};

export const completionTable = (commands: readonly Command[]): CompletionTable => {
  const shared = [...suggestions(SHARED_OPTIONS), { word: '--help', summary: 'show help' }];
  const table: CompletionTable = { words: new Map(), options: new Map(), shared, values: new Map() };
  const addWord = (before: string, word: string, summary: string) => {
    const known = table.words.get(before) ?? [];
    if (!known.some((one) => one.word === word)) table.words.set(before, [...known, { word, summary }]);
  };
  addValues(table, SHARED_OPTIONS);
  table.options.set('', [{ word: '--version', summary: 'show the version' }]);
  for (const { words, aliases = [], summary, options, operandValues } of commands) {
    const typed = words.split(' ');
    for (const [at, word] of typed.entries()) {
      const last = at === typed.length - 1;
      addWord(typed.slice(0, at).join(' '), word, last ? summary : `commands for ${word}`);
    }
    for (const value of operandValues ?? []) addWord(words, value, value);
    // Aliases are not offered, but whoever types one has its options.
    for (const name of [words, ...aliases]) table.options.set(name, suggestions(options));
    addValues(table, options);
  }
  addHelp(table, commands);
  return table;
};

/** Behind `help` stand the words of a command, and nothing else. */
const addHelp = ({ words }: CompletionTable, commands: readonly Command[]): void => {
  for (const [path, following] of [...words]) words.set(`help ${path}`.trim(), [...following]);
  for (const command of commands) words.set(`help ${command.words}`, []);
  words.get('')?.push({ word: 'help', summary: 'show help on a command' });
};

const suggestions = (options: Options): Suggestion[] =>
  Object.entries(options).flatMap(([property, { summary, negatable, hidden }]: [string, Option<unknown>]) => {
    const name = optionName(property);
    if (hidden) return [];
    const plain = { word: `--${name}`, summary };
    return negatable ? [plain, { word: `--no-${name}`, summary: `not: ${summary}` }] : [plain];
  });

const addValues = (table: CompletionTable, options: Options): void => {
  for (const [property, { placeholder, values = null }] of Object.entries(options)) {
    if (placeholder !== null) table.values.set(`--${optionName(property)}`, values);
  }
};
