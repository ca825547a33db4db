// Real services for tests and contributors: PostgreSQL and S3-compatible stores, installed if they are missing,
// on loopback and free ports, with nothing left behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import process from 'node:process';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { type Stack, startStack, type TestServices } from '../../testing/services/stack.ts';
import { type Invocation, parseArguments, USAGE } from './arguments.ts';

const BUCKET = 'sluice-user-files-upload';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs the command until it ends; its exit code, as a shell would tell it. */
const runCommand = async (
  [program, ...args]: [string, ...string[]],
  services: TestServices,
): Promise<number> => {
  const child = spawn(program, args, {
    stdio: 'inherit',
    env: { ...process.env, SLUICE_TEST_SERVICES: JSON.stringify(services) },
  });
  for (const signal of SIGNALS) {
    // A terminal sends Ctrl-C to the command as well.
    process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
  }
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return code ?? 128 + (signal ? constants.signals[signal] : 0);
};

const stay = async ({ postgres, stores: [store] }: Stack, stopped: Promise<unknown>): Promise<number> => {
  if (!store) throw new Error('There is no store to print');
  const { endpoint, region, accessKeyId, secretAccessKey, uploads } = store.access;
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  client.destroy();
  const settings = {
    SLUICE_DATABASE_URL: postgres.url,
    SLUICE_S3_ENDPOINT: endpoint,
    SLUICE_S3_REGION: region,
    SLUICE_S3_ACCESS_KEY_ID: accessKeyId,
    SLUICE_S3_SECRET_ACCESS_KEY: secretAccessKey,
    SLUICE_S3_FORCE_PATH_STYLE: 'true',
    SLUICE_S3_UPLOADS: uploads,
    SLUICE_BUCKET: BUCKET,
  };
  for (const [name, value] of Object.entries(settings)) console.log(`export ${name}=${value}`);
  console.error(`PostgreSQL and ${store.access.name} run until Ctrl-C.`);
  const alive = setInterval(() => {}, 60_000); // waiting for a signal alone does not keep a process
  await stopped;
  clearInterval(alive);
  return 0;
};

const main = async (words: string[]): Promise<number> => {
  if (words.includes('--help') && words[0] !== 'run') {
    console.log(USAGE);
    return 0;
  }
  let invocation: Invocation;
  try {
    invocation = parseArguments(words);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    return 2;
  }
  const { command, ...options } = invocation;
  // From here on a signal does not end this process but tells it to clean up.
  let isStopped = false;
  const stopped = Promise.race(SIGNALS.map((signal) => once(process, signal))).then(() => {
    isStopped = true;
  });
  const stack = await startStack(options);
  try {
    if (command === undefined) return await stay(stack, stopped);
    return isStopped ? 1 : await runCommand(command, stack.services);
  } finally {
    await stack.remove();
  }
};

process.exitCode = await main(process.argv.slice(2));
