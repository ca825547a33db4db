import { parseArgs } from 'node:util';
import { UsageError } from '../usage-error.ts';
import { type Command, SHARED_OPTIONS } from './command.ts';
import { type Option, type Options, optionName } from './option.ts';

type Split = { values: Record<string, unknown>; positionals: string[] };

export type Parsed = { operands: string[]; options: Record<string, unknown>; help: boolean };

/** Reads what follows the words of a command. @throws UsageError */
export const parseArguments = (command: Command, args: readonly string[]): Parsed => {
  const known: Options = { ...SHARED_OPTIONS, ...command.options };
  const { values, positionals } = split(known, args);
  const help = values.help === true;
  const options: Record<string, unknown> = {};
  for (const [property, option] of help ? [] : Object.entries(known)) {
    const given = values[optionName(property)];
    if (given !== undefined) options[property] = readOption(property, option, given);
  }
  if (!help) checkOperands(command, positionals);
  return { operands: positionals, options, help };
};

const split = (known: Options, args: readonly string[]): Split => {
  const config = Object.entries(known).map(([property, { placeholder, many }]) => [
    optionName(property),
    { type: placeholder === null ? 'boolean' : 'string', multiple: many } as const,
  ]);
  try {
    return parseArgs({
      args: [...args],
      options: { ...Object.fromEntries(config), help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
      allowNegative: true,
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Its first sentence names the option and, unlike the others, fits on a line; none of them shows a value.
    throw new UsageError(`${error.message.split(/\.?\n|\. /)[0]?.replace(/\.$/, '')}.`);
  }
};

const readOption = (property: string, option: Option<unknown>, given: unknown): unknown => {
  const name = `--${optionName(property)}`;
  if (typeof given === 'boolean') {
    if (!given && !option.negatable) throw new UsageError(`There is no option --no-${optionName(property)}.`);
    return given;
  }
  try {
    return option.read([given].flat() as string[]);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${name} ${error.message}.`) : error;
  }
};

const checkOperands = ({ words, operands }: Command, given: readonly string[]): void => {
  const wanted = operands === '' ? [] : operands.split(' ');
  const least = wanted.filter((word) => !word.startsWith('[')).length;
  if (given.length < least) {
    throw new UsageError(
      `${words} needs ${wanted[given.length]?.replace('…', '')}; sluice ${words} --help says more.`,
    );
  }
  if (given.length > wanted.length && !operands.endsWith('…')) {
    throw new UsageError(`${words} takes ${wanted.length === 0 ? 'nothing' : operands} besides options.`);
  }
  if (given.includes('')) throw new UsageError('An empty name was given.');
};
