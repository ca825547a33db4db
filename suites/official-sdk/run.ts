import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { preparePython } from '../../testing/python/python-environment.ts';
import { createKeys } from './keys.ts';
import { runPytest } from './pytest.ts';
import { startServer } from './server-process.ts';
import { makeSuccessorSuite } from './successor.ts';

const USAGE = `Runs the official Python SDK, as it is published, against Sluice.

  node suites/official-sdk/run.ts [options] [-- pytest options, such as -k file_names]

  --env NAME=VALUE     a further setting of the server that the suite starts; repeatable
  --url URL --key KEY  test this running server instead; URL without /api/v1
  --successor          the SDK that follows it, haystack-enterprise-sdk, by the same tests
  --help

Without --url a server is started on an empty folder and stopped at the end.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    env: { type: 'string', multiple: true, default: [] },
    url: { type: 'string' },
    key: { type: 'string' },
    successor: { type: 'boolean', default: false },
    help: { type: 'boolean' },
  },
});

const settingsOf = (pairs: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new Error(`--env takes NAME=VALUE, not "${pair}"`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );

/** Tests that run at a time: the SDK waits between its questions. */
const AT_A_TIME = 3;

type Target = { url: string; keys: string[]; stop: () => Promise<void> };

const chooseServer = async (scratch: string): Promise<Target> => {
  if (values.url === undefined) {
    const [directory, settings] = [join(scratch, 'data'), settingsOf(values.env)];
    const { url, stop } = await startServer(directory, settings);
    return { url, stop, keys: createKeys(directory, settings, AT_A_TIME) };
  }
  if (values.key === undefined) throw new Error('--url needs --key');
  return { url: values.url.replace(/\/+$/, ''), keys: [values.key], stop: async () => {} };
};

const main = async (): Promise<number> => {
  const python = preparePython('official-sdk');
  const scratch = await mkdtemp(join(tmpdir(), 'sluice-official-sdk-'));
  try {
    const server = await chooseServer(scratch);
    try {
      const { suite, args } = values.successor
        ? makeSuccessorSuite(scratch)
        : { suite: import.meta.dirname, args: [] };
      return await runPytest({ python, ...server, scratch, suite, args: [...args, ...positionals] });
    } finally {
      await server.stop();
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};

if (values.help) process.stdout.write(`${USAGE}\n`);
else {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
