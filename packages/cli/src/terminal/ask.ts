import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { printable } from '@sluice/contract/plain';
import { Interrupted } from '../failure.ts';
import type { Surroundings } from '../surroundings.ts';

export type Ask = {
  /** A line as it is typed. */
  text(question: string): Promise<string>;
  /** A line that shows nothing of what is typed. */
  secret(question: string): Promise<string>;
  close(): void;
};

/** Asks whoever sits at the terminal, on standard error so that standard output stays for results. */
export const askOnTerminal = ({
  stdin,
  stderr,
  signal,
}: Pick<Surroundings, 'stdin' | 'stderr' | 'signal'>): Ask => {
  let muted = false;
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (!muted) stderr.write(chunk.toString());
      done();
    },
  });
  const lines = createInterface({ input: stdin, output, terminal: true, historySize: 0 });
  const ended = new AbortController();
  // In this mode the terminal sends Ctrl-C as a key, and Ctrl-D closes the interface.
  lines.once('SIGINT', () => ended.abort(new Interrupted('Ctrl-C')));
  lines.once('close', () => ended.abort(new Interrupted('the end of input')));
  const until = AbortSignal.any([signal, ended.signal]);
  const answer = (question: string): Promise<string> =>
    lines.question(printable(question), { signal: until }).catch((error: unknown) => {
      throw until.aborted ? until.reason : error;
    });
  return {
    text: async (question) => (await answer(question)).trim(),
    secret: async (question) => {
      const typed = answer(question);
      muted = true;
      try {
        return (await typed).trim();
      } finally {
        muted = false;
        stderr.write('\n');
      }
    },
    close: () => lines.close(),
  };
};

/** The first line of what is piped in; empty where there is none. */
export const firstLine = async ({
  stdin,
  signal,
}: Pick<Surroundings, 'stdin' | 'signal'>): Promise<string> => {
  const lines = createInterface({ input: stdin, signal });
  try {
    for await (const line of lines) return line.trim();
    signal.throwIfAborted();
    return '';
  } finally {
    lines.close();
    stdin.destroy(); // whoever writes more, or nothing yet, must not keep the process
  }
};
