import { Command as Commander } from 'commander';
import { EXIT_MEANINGS } from '../exit-codes.ts';
import { wrapped, wrapWords } from '../output/wrap.ts';
import { type Command, SHARED_OPTIONS } from './command.ts';
import { commanderOptions, type Option, type Options, optionName } from './option.ts';

export type Program = {
  commands: readonly Command[];
  version: string;
  /** Columns the help may take. */
  width: number;
  writeOut(text: string): void;
  writeErr(text: string): void;
  run(command: Command, operands: string[], options: Record<string, unknown>): Promise<void>;
};

/**
 * The parser for a list of commands. It throws CommanderError in place of ending the process, also once it has shown
 * help or version, and writes no errors: those are for usage-error.ts.
 */
export const createProgram = ({ commands, version, width, writeOut, writeErr, run }: Program): Commander => {
  const declared = new Map<Commander, Command>();
  const program = new Commander('sluice')
    .description('Sends files to an upload-session service, and tells what became of each.')
    .usage('<command> [options]')
    .version(version, '-v, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut,
      writeErr,
      outputError: () => {},
      getOutHelpWidth: () => width,
      getErrHelpWidth: () => width,
    })
    .configureHelp({
      showGlobalOptions: true,
      visibleCommands: (group) => [...declared.keys()].filter((one) => isBelow(one, group)),
      subcommandTerm: (one) => {
        const { words, operands } = declared.get(one) as Command;
        return `${words} ${operands}`.trim();
      },
      optionTerm: ({ flags, long }) =>
        negatable.has(long ?? '') ? `${flags}, --no-${long?.slice(2)}` : flags,
      minWidthToWrap: LEAST_ROOM,
      formatItem: (term, termWidth, description) => helpItem(term, termWidth, description, width),
    })
    .addHelpText('after', () => afterAll(width));
  const negatable = new Set(commands.flatMap(({ options }) => negatableNames(options)));
  for (const name of negatableNames(SHARED_OPTIONS)) negatable.add(name);
  addOptions(program, SHARED_OPTIONS);

  const groups = new Map<string, Commander>();
  const groupOf = (words: readonly string[]): Commander => {
    const name = words.join(' ');
    const known = name === '' ? program : groups.get(name);
    if (known !== undefined) return known;
    const group = groupOf(words.slice(0, -1)).command(words.at(-1) as string);
    groups.set(name, group.usage('<command> [options]').description(`Commands for ${name}.`));
    return group;
  };
  const add = (command: Command, typed: string, hidden: boolean) => {
    const words = typed.split(' ');
    const added = groupOf(words.slice(0, -1)).command(words.at(-1) as string, { hidden });
    if (!hidden) declared.set(added, command);
    added.summary(command.summary).description([`${command.summary}.`, ...(command.notes ?? [])].join('\n'));
    if (command.operands !== '') added.arguments(command.operands);
    added.addHelpText('after', `\n${examplesOf(command, width)}`);
    addOptions(added, command.options);
    added.action(() => run(command, added.args, added.optsWithGlobals()));
  };
  for (const command of commands) {
    add(command, command.words, false);
    for (const alias of command.aliases ?? []) add(command, alias, true);
  }
  return program;
};

const addOptions = (to: Commander, options: Options): void => {
  for (const [property, option] of Object.entries(options)) {
    for (const one of commanderOptions(property, option)) to.addOption(one);
  }
};

const negatableNames = (options: Options): string[] =>
  Object.entries(options).flatMap(([property, option]: [string, Option<unknown>]) =>
    option.negatable ? `--${optionName(property)}` : [],
  );

const isBelow = (command: Commander, group: Commander): boolean => {
  for (let at = command.parent; at !== null; at = at.parent) if (at === group) return true;
  return false;
};

const examplesOf = ({ examples }: Command, width: number): string =>
  [
    examples.length === 1 ? 'Example:' : 'Examples:',
    ...examples.map((example) => `  ${overLines(`sluice ${example}`, width - 2)}`),
  ].join('\n');

/** A command line that can still be copied: broken between arguments, as a shell goes on with it. */
const overLines = (line: string, columns: number): string => {
  const kept = line.replace(/"[^"]*"/g, (quoted) => quoted.replaceAll(' ', '\0'));
  const lines = kept.length <= columns ? [kept] : wrapWords(kept, columns - 6);
  return lines.join(' \\\n      ').replaceAll('\0', ' ');
};

/** Beside each other, or where that leaves too little room, below: no word is broken however narrow a terminal is. */
const helpItem = (term: string, termWidth: number, description: string, width: number): string => {
  const beside = 2 + termWidth + 2;
  if (width - beside >= LEAST_ROOM) {
    return `  ${term.padEnd(termWidth)}  ${wrapped(description, width, ' '.repeat(beside))}`;
  }
  return `  ${wrapped(term, width, '    ')}${description === '' ? '' : `\n      ${wrapped(description, width, '      ')}`}`;
};

const LEAST_ROOM = 30;

const afterAll = (width: number): string => {
  const lines = [
    'Settings come from options, else from API_URL, API_KEY and DEFAULT_WORKSPACE_NAME, else from .env in this folder, ' +
      'else from `sluice login`. `sluice doctor` tells whether they fit; `sluice help <command>` says more, with examples.',
    '',
    'Exit codes:',
  ];
  const codes = EXIT_MEANINGS.map(
    ([code, meaning]) => `  ${String(code).padEnd(4)} ${wrapped(meaning, width, ' '.repeat(7))}`,
  );
  return ['', ...lines.map((line) => wrapped(line, width, '')), ...codes].join('\n');
};
