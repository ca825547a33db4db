// All suites of a production server, on the services that `npm run services -- run` has started:
//   npm run services -- run node suites/production/run.ts [name of a suite]…
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { services } from '../../testing/production/services.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Tests of the embedded server that hold for every server. Those of a full disk and of the form endpoint are left out. */
const HTTP = [
  'authorization',
  'base-path',
  'bulk',
  'cursors',
  'file-filters',
  'files',
  'ingestion',
  'long-names',
  'metadata',
  'metrics',
  'operation',
  'starting',
  'tokens',
  'upload-sessions',
  'users',
  'workspaces',
].map((name) => `packages/server/test/http/**/${name}.test.ts`);
const SERVICE = 'packages/server/test/service/**/*.test.ts';
/** What wants uploads to go through the server. */
const RELAYED = 'packages/server/test/http/stopping.test.ts';
/** The scenarios of the official SDK: through the client on each road, through the command line, which is slow, on one. */
const CLIENT = ['suites/scenarios/client.test.ts', 'suites/scenarios/client-in-memory.test.ts'];
const SCENARIOS = [...CLIENT, 'suites/scenarios/command-line.test.ts'];

type Suite = { name: string; args: string[]; env?: Record<string, string> };

/** Two files at a time: each test has a server, and the database and the store want processors too. */
const testing = (...patterns: string[]): string[] => {
  const paths = patterns.flatMap((pattern) => {
    const found = globSync(pattern, { cwd: ROOT });
    if (found.length === 0) throw new Error(`No test matches ${pattern}`);
    return found;
  });
  return ['--test', '--test-concurrency=2', '--test-timeout=300000', ...paths];
};

/** The longest first. */
const SUITES: Suite[] = [
  { name: 'faults', args: testing('suites/production/faults/*.test.ts') },
  { name: 'official-sdk', args: ['suites/production/official-sdk.ts', 'minio'] },
  ...services().stores.map(({ name, uploads }) => ({
    name: `end-to-end-${name}`,
    args: testing(...HTTP, SERVICE, ...(uploads === 'relay' ? [RELAYED, ...CLIENT] : SCENARIOS)),
    env: { SLUICE_TEST_STORE: name },
  })),
  ...['restarts', 'words', 'objects', 'transfer', 'jobs', 'store'].map((name) => ({
    name,
    args: testing(`suites/production/${name}/*.test.ts`),
  })),
  { name: 'alerts', args: testing('suites/alerts/*.test.ts') },
];

/** Suites that run side by side: they wait for heartbeats, backoff and faults much of their time. */
const AT_A_TIME = 2;

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !SUITES.some((suite) => suite.name === name));
if (unknown !== undefined) {
  console.error(`There is no suite "${unknown}", only ${SUITES.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
const queue = SUITES.filter(({ name }) => wanted.length === 0 || wanted.includes(name));

/** Milliseconds after which a suite hangs: its tests end sooner, but what they leave open may not. */
const LONGEST = 20 * 60_000;

/** Prints what a suite says once it has ended, so that two do not mix. */
const run = async ({ name, args, env }: Suite): Promise<boolean> => {
  const from = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    detached: true,
  });
  // It and the tests it has started are a group of processes.
  const kill = (): void => void process.kill(-(child.pid as number), 'SIGKILL');
  const hanging = setTimeout(() => {
    console.error(`production: ${name} hangs`);
    kill();
  }, LONGEST);
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const [output, complaints, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  clearTimeout(hanging);
  const seconds = ((performance.now() - from) / 1000).toFixed(0);
  console.log(`\n=== production: ${name} (${seconds} s)\n${output}${complaints}`);
  return code === 0;
};

const failed: string[] = [];
const work = async (): Promise<void> => {
  for (let suite = queue.shift(); suite !== undefined; suite = queue.shift()) {
    if (!(await run(suite))) failed.push(suite.name);
  }
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
await Promise.all(Array.from({ length: AT_A_TIME }, work));
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
