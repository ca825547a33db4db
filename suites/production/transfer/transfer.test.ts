import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { before, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freshDatabase, freshProductionSettings } from '../../../testing/production/production-services.ts';
import { services } from '../../../testing/production/services.ts';
import { fill, KEYS, shown, startOn } from '../../../testing/rows/fill-folder.ts';
import { temporaryFolder } from '../../../testing/server/harness.ts';

const MAIN = fileURLToPath(new URL('../../../packages/server/src/main.ts', import.meta.url));
const DYING = fileURLToPath(new URL('./dying-transfer.ts', import.meta.url));

/** Files of one session, beside those of every kind. */
const MANY = 10_000;
const SOME = 300;

/** Of many files, so many bytes are also read through the API; the transfer itself has compared them all. */
const EVERY = 20;

/** How far which phase comes before the process dies; each run goes on where the one before was. */
const DEATHS: [string, number][] = [
  ['upload history', 1],
  ['objects', 1],
  ['objects', SOME / 2],
  ['files', 1],
  ['files', SOME / 2],
  ['comparison', SOME / 2],
];

type Folder = { directory: string; shown: object };
let many: Folder;
let some: Folder;

before(async (t) => {
  const parent = await temporaryFolder(t as TestContext);
  const make = async (count: number): Promise<Folder> => {
    const directory = join(parent, `${count}`);
    const server = await startOn({ SLUICE_DATA_DIR: directory });
    await fill(server, count);
    const folder = { directory, shown: await shown(server, { everyNth: count === MANY ? EVERY : 1 }) };
    await server.close();
    return folder;
  };
  many = await make(MANY);
  some = await make(SOME);
});

type Outcome = { code: number | null; signal: string | null; stdout: string; stderr: string };

const run = (script: string, args: string[], settings: Record<string, string>): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const env = { PATH: process.env.PATH, ...settings };
    const child = spawn(process.execPath, [script, ...args], { env });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text) => {
      stdout += text;
    });
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });

const digests = (directory: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]),
  );

const settingsOf = (name: string): Promise<Record<string, string>> =>
  freshProductionSettings({
    ...services(),
    stores: services().stores.filter((store) => store.name === name),
  } as Parameters<typeof freshProductionSettings>[0]);

const assertShows = async (settings: Record<string, string>, wanted: object, everyNth = 1): Promise<void> => {
  const server = await startOn(settings);
  try {
    assert.equal(server.firstKey, null);
    assert.deepEqual(await shown(server, { everyNth }), wanted);
    const headers = { authorization: `Bearer ${KEYS.limited}` };
    const answer = await fetch(`${server.url}/api/v1/workspaces/second%20one/files`, { headers });
    assert.equal(answer.status, 404);
  } finally {
    await server.close();
  }
};

test('10,000 files: killed in the middle and run again, a server shows the same', async (t) => {
  const settings = await freshProductionSettings();
  const death = await run(DYING, [many.directory, 'objects', String(MANY / 2)], settings);
  assert.equal(death.signal, 'SIGKILL', death.stdout + death.stderr);
  const done = await run(MAIN, ['transfer', '--from', many.directory], settings);
  t.diagnostic(done.stdout);
  assert.equal(done.code, 0, done.stderr);
  await assertShows(settings, many.shown, EVERY);
});

for (const { name } of services().stores) {
  test(`${name}: killed again and again, a transfer ends with a server that shows the same`, async (t) => {
    const settings = await settingsOf(name);
    const from = ['transfer', '--from', some.directory];
    const untouched = digests(some.directory);
    const bare = { ...settings, SLUICE_DATABASE_URL: await freshDatabase() };
    const dry = await run(MAIN, [...from, '--dry-run'], bare);
    assert.equal(dry.code, 0, dry.stderr);
    assert.match(dry.stdout, /The target is empty/);
    for (const [phase, count] of DEATHS) {
      const death = await run(DYING, [some.directory, phase, String(count)], settings);
      assert.equal(death.signal, 'SIGKILL', `${phase} ${count}: ${death.stdout}${death.stderr}`);
    }
    const first = await run(MAIN, from, settings);
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /Transferred, compared and equal:/);
    assert.match(first.stdout, /\n0 objects sent/);

    const second = await run(MAIN, from, settings);
    t.diagnostic(second.stdout);
    assert.equal(second.code, 0, second.stderr);
    assert.match(second.stdout, /had ended before/);
    assert.deepEqual(digests(some.directory), untouched);
    await assertShows(settings, some.shown);
  });
}

test('a damaged object fails it by name; the folder may be mended', async (t) => {
  const settings = await freshProductionSettings();
  const directory = join(await temporaryFolder(t), 'data');
  await cp(some.directory, directory, { recursive: true });
  const content = 'the content of report 211';
  const setBytes = (text: string): void => {
    const objects = new DatabaseSync(join(directory, 'objects.db'));
    const etag = createHash('md5').update(content).digest('hex');
    const { changes } = objects
      .prepare('update body set bytes = ? where id = (select body_id from object where etag = ?)')
      .run(Buffer.from(text), etag);
    objects.close();
    assert.equal(changes, 1);
  };
  setBytes(content.toUpperCase());
  const failed = await run(MAIN, ['transfer', '--from', directory], settings);
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /1 objects of the data folder are damaged/);
  assert.match(failed.stderr, /"report-211\.txt" \(file [0-9a-f-]{36}, object .*\): MD5/);

  setBytes(content);
  const mended = await run(MAIN, ['transfer', '--from', directory], settings);
  t.diagnostic(mended.stdout);
  assert.equal(mended.code, 0, mended.stderr);
  assert.match(mended.stdout, /\n1 objects sent/);
});
