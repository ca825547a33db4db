import type { Readable } from 'node:stream';
import type { Screen } from './output/screen.ts';

/** What a run of the command line has around it; nothing below reads it from the process. */
export type Surroundings = {
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  /** The current folder. */
  cwd: string;
  /** The user's home. */
  home: string;
  stdin: Readable & { isTTY?: boolean; setRawMode?: (raw: boolean) => unknown };
  stdout: Screen;
  stderr: Screen;
  /** Aborts when the user asks for the end. */
  signal: AbortSignal;
  /** Aborts once nobody reads standard output any more: a list then ends, while what changes something goes on. */
  readerGone?: AbortSignal;
  version: string;
};
