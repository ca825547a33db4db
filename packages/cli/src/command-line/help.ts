import { EXIT_MEANINGS } from '../exit-codes.ts';
import { type Command, SHARED_OPTIONS } from './command.ts';
import { type Option, type Options, optionName } from './option.ts';

/** The commands, or those of a group such as `files`. */
export const overview = (commands: readonly Command[], prefix: string): string =>
  [
    `Usage: sluice ${prefix === '' ? 'COMMAND' : `${prefix} COMMAND`} [OPTIONS]`,
    '',
    ...columns(commands.map(({ words, operands, summary }) => [`${words} ${operands}`.trim(), summary])),
    '',
    `sluice ${prefix === '' ? 'COMMAND' : `${prefix} COMMAND`} --help says more, with examples.`,
    ...(prefix === '' ? ['', ...SETTINGS, '', 'Exit codes', ...exitCodes()] : []),
  ].join('\n');

export const commandHelp = (command: Command): string => {
  const { words, operands, summary, options, notes = [], examples } = command;
  return [
    `Usage: ${['sluice', words, operands, '[OPTIONS]'].filter((part) => part !== '').join(' ')}`,
    '',
    `${summary}.`,
    ...notes,
    '',
    'Options',
    ...optionLines({ ...options, ...SHARED_OPTIONS }),
    '',
    examples.length === 1 ? 'Example' : 'Examples',
    ...examples.map((example) => `  sluice ${example}`),
  ].join('\n');
};

const SETTINGS = [
  'Settings: API_URL, API_KEY and DEFAULT_WORKSPACE_NAME, or --api-url, --api-key and --workspace-name.',
  '`sluice doctor` tells whether they fit.',
];

const exitCodes = () => columns(EXIT_MEANINGS.map(([code, meaning]) => [String(code), meaning]));

const optionLines = (options: Options): string[] =>
  columns(Object.entries(options).map(([property, option]) => [typed(property, option), option.summary]));

const typed = (property: string, { placeholder, many, negatable }: Option<unknown>): string => {
  const name = optionName(property);
  if (placeholder === null) return negatable ? `--${name}, --no-${name}` : `--${name}`;
  return `--${name} ${placeholder}${many ? ' …' : ''}`;
};

/** Two columns; where the first is too wide, the second goes to a line of its own. */
const columns = (rows: readonly (readonly [string, string])[]): string[] => {
  const fitting = rows.map(([first]) => first.length).filter((length) => length <= WIDEST);
  const width = Math.max(0, ...fitting);
  return rows.flatMap(([first, second]) =>
    first.length > width
      ? [`  ${first}`, `  ${' '.repeat(width)}  ${second}`]
      : [`  ${first.padEnd(width)}  ${second}`],
  );
};

const WIDEST = 30;
