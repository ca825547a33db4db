import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Client } from 'pg';
import { startPostgres } from '../../../testing/services/postgres.ts';
import type { TestServices } from '../../../testing/services/stack.ts';
import type { StoreAccess } from '../../../testing/services/store.ts';
import { startStore, USUAL_STORES } from '../../../testing/services/stores.ts';

const MAIN = join(import.meta.dirname, '..', 'main.ts');

const query = async (url: string, text: string): Promise<unknown[]> => {
  const client = new Client({ connectionString: url });
  client.on('error', () => {}); // the server is taken away below
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
};

const s3 = ({ endpoint, region, accessKeyId, secretAccessKey }: StoreAccess): S3Client =>
  new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });

for (const signal of ['SIGINT', 'SIGKILL'] as const) {
  test(`PostgreSQL stopped by ${signal} comes back on its port with its data`, async () => {
    const postgres = await startPostgres();
    after(postgres.remove);
    await query(postgres.url, 'create table kept as select 7 as value');
    await postgres.stop(signal);
    assert.equal(postgres.pid(), undefined);
    await assert.rejects(query(postgres.url, 'select 1'), { code: 'ECONNREFUSED' });
    await postgres.start();
    assert.deepEqual(await query(postgres.url, 'select value from kept'), [{ value: 7 }]);
  });
}

test('the user of PostgreSQL may create databases, which sort by language', async () => {
  const postgres = await startPostgres({ fast: true });
  after(postgres.remove);
  await query(postgres.url, 'create database another');
  const sorted = await query(
    postgres.url.replace(/postgres$/, 'another'),
    `select name from (values ('b'), ('A'), ('a'), ('B')) as names (name) order by name`,
  );
  assert.deepEqual(
    sorted.map((row) => (row as { name: string }).name),
    ['a', 'A', 'b', 'B'],
  );
});

// Ceph, by far the largest to install, is for those who ask for it.
for (const name of USUAL_STORES) {
  test(`${name} comes back on its port with its data`, async () => {
    const store = await startStore(name);
    after(store.remove);
    const client = s3(store.access);
    await client.send(new CreateBucketCommand({ Bucket: 'a.bucket' }));
    await client.send(new PutObjectCommand({ Bucket: 'a.bucket', Key: 'a/b', Body: 'kept' }));
    await store.stop('SIGKILL');
    await store.start();
    const { Body } = await client.send(new GetObjectCommand({ Bucket: 'a.bucket', Key: 'a/b' }));
    assert.equal(await Body?.transformToString(), 'kept');
    client.destroy();
  });
}

test('run hands the services to the command, ends with its code, leaves nothing', () => {
  const { status, stdout } = spawnSync(
    process.execPath,
    [MAIN, 'run', '--store', 'versitygw', 'sh', '-c', 'printf %s "$SLUICE_TEST_SERVICES"; exit 7'],
    { encoding: 'utf8' },
  );
  assert.equal(status, 7);
  const { postgres, stores } = JSON.parse(stdout) as TestServices;
  assert.equal(stores.length, 1);
  assert.equal(stores[0]?.name, 'versitygw');
  const { port } = new URL(postgres);
  assert.equal(spawnSync('pg_isready', ['--quiet', '--host=127.0.0.1', `--port=${port}`]).status, 2);
});

test('the settings are printed, and SIGTERM takes all away', async () => {
  const child = spawn(process.execPath, [MAIN, '--fast'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const settings = new Map<string, string>();
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const [, name = '', value = ''] = /^export (\w+)=(\S+)$/.exec(line) ?? [];
    settings.set(name, value);
    if (name === 'SLUICE_BUCKET') break;
  }
  assert.deepEqual(await query(settings.get('SLUICE_DATABASE_URL') ?? '', 'select 1 as one'), [{ one: 1 }]);
  child.kill('SIGTERM');
  assert.deepEqual(await exited, [0, null]);
  await assert.rejects(fetch(settings.get('SLUICE_S3_ENDPOINT') ?? ''), TypeError);
});

test('killed, the script takes its servers with it', { skip: !existsSync('/usr/bin/setpriv') }, async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'sluice-killed-'));
  after(() => rmSync(scratch, { recursive: true, force: true }));
  chmodSync(scratch, 0o755);
  const child = spawn(process.execPath, [MAIN, '--fast', '--store', 'versitygw'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, TMPDIR: scratch },
  });
  const exited = once(child, 'exit');
  let endpoint = '';
  for await (const line of createInterface({ input: child.stdout })) {
    endpoint = /^export SLUICE_S3_ENDPOINT=(\S+)$/.exec(line)?.[1] ?? endpoint;
    if (line.startsWith('export SLUICE_BUCKET=')) break;
  }
  assert.equal(postgresLocks(scratch).length, 1);
  child.kill('SIGKILL');
  await exited;
  // PostgreSQL takes its lock away as the last thing it does.
  await untilGone(() => postgresLocks(scratch).length > 0);
  await untilGone(() => answers(endpoint));
});

const postgresLocks = (folder: string): string[] => globSync(join(folder, '*', 'data', 'postmaster.pid'));

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );

const untilGone = async (isThere: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + 20_000;
  while (await isThere()) {
    assert.ok(Date.now() < deadline, 'it is still there');
    await setImmediate();
  }
};
