import type { Command } from './command.ts';

export type Found =
  | { command: Command; rest: string[] }
  /** Commands that begin with what was typed; all of them where nothing was. `unknown` is the word that fits none. */
  | { group: readonly Command[]; prefix: string; unknown: string | null; help: boolean };

/** Options may stand before the command as well: `sluice --json files list`. */
export const findCommand = (commands: readonly Command[], args: readonly string[]): Found => {
  const words: string[] = [];
  for (const [at, arg] of args.entries()) {
    if (arg === '--') break;
    if (arg.startsWith('-')) continue;
    if (VALUED.has(args[at - 1] ?? '')) continue;
    const longer = [...words, arg].join(' ');
    if (!commands.some((command) => startsWith(command, longer))) {
      return group(commands, words, arg, args);
    }
    words.push(arg);
    const command = commands.find((one) => one.words === longer);
    if (command !== undefined) return { command, rest: without(args, words) };
  }
  return group(commands, words, null, args);
};

/** Of the options that may stand before a command, those that take the next word as their value. */
const VALUED = new Set(['--api-url', '--api-key', '--workspace-name']);

const startsWith = ({ words }: Command, prefix: string): boolean => `${words} `.startsWith(`${prefix} `);

const group = (
  commands: readonly Command[],
  words: readonly string[],
  unknown: string | null,
  args: readonly string[],
): Found => {
  const prefix = words.join(' ');
  const members = prefix === '' ? commands : commands.filter((command) => startsWith(command, prefix));
  return { group: members, prefix, unknown, help: args.includes('--help') || args.includes('-h') };
};

/** Takes out the words of the command, each where it first stands as one. */
const without = (args: readonly string[], words: readonly string[]): string[] => {
  const left = [...words];
  return args.filter((arg, at) => {
    if (arg !== left[0] || VALUED.has(args[at - 1] ?? '')) return true;
    left.shift();
    return false;
  });
};
