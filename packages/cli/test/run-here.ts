import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Ended } from '../../../testing/terminal/run-sluice.ts';
import { runCli } from '../src/run-cli.ts';

const nowhere = join(tmpdir(), 'sluice-cli-no-such-folder');

/** A command in this process, with nothing but these settings, no terminal and no home. */
export const runHere = async (
  args: readonly string[],
  env: Record<string, string> = {},
  /** Of a terminal; none where absent. */
  columns?: number,
): Promise<Ended & { code: number }> => {
  const printed = { stdout: '', stderr: '' };
  const screen = (name: 'stdout' | 'stderr') => ({
    ...(columns === undefined ? {} : { isTTY: true, columns }),
    write: (text: string) => {
      printed[name] += text;
    },
  });
  const code = await runCli({
    args,
    env,
    stdout: screen('stdout'),
    stderr: screen('stderr'),
    version: '1.2.3',
    cwd: nowhere,
    home: nowhere,
    stdin: Readable.from([]),
    signal: new AbortController().signal,
  });
  return { code, ...printed };
};
