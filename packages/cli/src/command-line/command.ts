import type { NodeClient } from '@sluice/client/node';
import type { ExitCode } from '../exit-codes.ts';
import type { Output } from '../output/output.ts';
import type { Settings } from '../settings/settings.ts';
import type { Surroundings } from '../surroundings.ts';
import { count, flag, type Options, onOrOff, text, type Values } from './option.ts';

export type ConnectOptions = {
  /** Tries of a request; 3 where absent, so that a wrong address is told of soon. */
  attempts?: number;
  /** For what is done without asking the server, or in order to find out about the key. */
  withoutKey?: boolean;
};

/** What a command runs with. */
export type Call<Given extends Options> = {
  operands: readonly string[];
  options: Values<Given & typeof SHARED_OPTIONS>;
  /** @throws UsageError where there is no key */
  connect(options?: ConnectOptions): NodeClient;
  /** Reading it, or the workspace, throws UsageError where what is set cannot be meant. */
  settings: Settings;
  workspaceName: string;
  output: Output;
  /** Aborts when the user asks for the end. */
  signal: AbortSignal;
  surroundings: Surroundings;
};

export type Command<Given extends Options = Options> = {
  /** As it is typed: `files list`. */
  words: string;
  /** Other words it is taken by, such as those of the official command line; they stand in no help. */
  aliases?: readonly string[];
  /** What follows, as the parser writes it: `<id>`, `[name]`, `<path...>`. */
  operands: string;
  /** They may be paths whose names are no UTF-8, see raw-arguments.ts. */
  operandBytes?: true;
  /** What completion offers for them, where that is not names of files. */
  operandValues?: readonly string[];
  summary: string;
  options: Given;
  /** Further paragraphs for its help, each one line however long: the help breaks them as the terminal is wide. */
  notes?: readonly string[];
  /** Each a whole command line without the word `sluice`. */
  examples: readonly string[];
  run(call: Call<Given>): Promise<ExitCode>;
};

/** Options of every command; they may stand before its words as well. */
export const SHARED_OPTIONS = {
  apiUrl: text('url', 'address of the server (else API_URL)'),
  apiKey: text('key', 'API key (else API_KEY, which other users of this machine cannot see)'),
  workspaceName: text('name', 'workspace (else DEFAULT_WORKSPACE_NAME)'),
  json: flag('results as JSON: one object, or for lists one a line'),
  quiet: flag('no progress, and of uploads and downloads only what went wrong'),
  showProgress: onOrOff('how far it is, on standard error; so it is where absent'),
};

/** Timers hold no more seconds. */
export const MOST_SECONDS = 2_147_483;

/** Of commands that may take long. */
export const TIMEOUT_OPTION = {
  timeoutS: count('seconds', 1, 'end after that time; no end where absent', MOST_SECONDS),
};

/** Of commands that list rows. */
export const LIMIT_OPTION = { limit: count('n', 1, 'no more than so many; all where absent') };

/** Of commands that ask for many of them. */
export const LIST_OPTIONS = {
  ...LIMIT_OPTION,
  batchSize: count('n', 1, 'rows asked for at a time, 100 at most'),
  ...TIMEOUT_OPTION,
};

/** Ties what `run` gets to the options named beside it, and then forgets the tie: all commands go into one list. */
export const defineCommand = <const Given extends Options>(command: Command<Given>): Command =>
  command as unknown as Command;
