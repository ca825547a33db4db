// All suites of a production server, on the services that `npm run services -- run` has started:
//   npm run services -- run node suites/production/run.ts [name of a suite]…
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { services } from './services.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Tests of the embedded server that hold for every server. Those of a full disk and of the form endpoint are left out. */
const HTTP = ['authorization', 'files', 'ingestion', 'operation', 'upload-sessions', 'workspaces'].map(
  (name) => `packages/server/test/http/${name}.test.ts`,
);
const SERVICE = 'packages/server/test/service/*.test.ts';
/** The scenarios of the official SDK: through the client on each road, through the command line, which is slow, on one. */
const CLIENT = ['suites/scenarios/client.test.ts', 'suites/scenarios/client-in-memory.test.ts'];
const SCENARIOS = [...CLIENT, 'suites/scenarios/command-line.test.ts'];
/** What wants uploads to go through the server. */
const RELAYED = 'packages/server/test/http/stopping.test.ts';

type Suite = { name: string; files: string[]; env?: Record<string, string> };

const endToEnd = services().stores.map(
  ({ name, uploads }): Suite => ({
    name: `end-to-end-${name}`,
    files: [...HTTP, SERVICE, ...(uploads === 'relay' ? [RELAYED, ...CLIENT] : SCENARIOS)],
    env: { SLUICE_TEST_STORE: name },
  }),
);

const SUITES: Suite[] = [
  ...['store', 'objects', 'jobs', 'transfer', 'faults'].map((name) => ({
    name,
    files: [`suites/production/${name}/*.test.ts`],
  })),
  ...endToEnd,
];

const OFFICIAL_SDK = 'official-sdk';
const wanted = process.argv.slice(2);
const known = [...SUITES.map(({ name }) => name), OFFICIAL_SDK];
const unknown = wanted.find((name) => !known.includes(name));
if (unknown !== undefined) {
  console.error(`There is no suite "${unknown}", only ${known.join(', ')}`);
  process.exit(2);
}
const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name);

const run = (args: string[], env: Record<string, string> = {}): void => {
  const options = { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } } as const;
  if (spawnSync(process.execPath, args, options).status !== 0) process.exit(1);
};

for (const { name, files, env } of SUITES) {
  if (!isWanted(name)) continue;
  console.log(`\n=== production: ${name}`);
  const paths = globSync(files, { cwd: ROOT });
  if (paths.length === 0) throw new Error(`No test matches ${files.join(' ')}`);
  // Few at a time: each test has a server, and the database and the store want processors too.
  run(['--test', '--test-concurrency=3', '--test-timeout=300000', ...paths], env);
}
if (isWanted(OFFICIAL_SDK)) run(['suites/production/official-sdk.ts', 'minio']);
