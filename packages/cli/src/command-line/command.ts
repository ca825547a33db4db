import type { NodeClient } from '@sluice/client/node';
import type { ExitCode } from '../exit-codes.ts';
import type { Output } from '../output/output.ts';
import { flag, type Options, text, type Values } from './option.ts';

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
  apiUrl: string;
  hasKey: boolean;
  workspaceName: string;
  output: Output;
  /** Aborts when the user asks for the end. */
  signal: AbortSignal;
};

export type Command<Given extends Options = Options> = {
  /** As it is typed: `files list`. */
  words: string;
  /** What follows: a word each, `…` behind one that may be repeated, brackets around one that may be left out. */
  operands: string;
  summary: string;
  options: Given;
  /** Further paragraphs for its help. */
  notes?: readonly string[];
  /** Each a whole command line without the word `sluice`. */
  examples: readonly string[];
  run(call: Call<Given>): Promise<ExitCode>;
};

/** Options of every command. */
export const SHARED_OPTIONS = {
  apiUrl: text('URL', 'address of the server (else API_URL, else http://127.0.0.1:8000)'),
  apiKey: text('KEY', 'API key (else API_KEY, which other users of this machine cannot see)'),
  json: flag('results as JSON: one object, or for lists one a line'),
};

/** The option of commands that work in a workspace. */
export const WORKSPACE_OPTION = {
  workspaceName: text('NAME', 'workspace (else DEFAULT_WORKSPACE_NAME, else default)'),
};

/** Ties what `run` gets to the options named beside it, and then forgets the tie: all commands go into one list. */
export const defineCommand = <const Given extends Options>(command: Command<Given>): Command =>
  command as unknown as Command;
