import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { before, type TestContext, test } from 'node:test';
import { openTransferSource } from '../../packages/server/src/commands/transfer/open-source.ts';
import { transferCommand } from '../../packages/server/src/commands/transfer.ts';
import type { ObjectStore } from '../../packages/server/src/service/ports/objects.ts';
import type { Store } from '../../packages/server/src/service/ports/store.ts';
import { planTransfer, transfer } from '../../packages/server/src/service/transfer/transfer.ts';
import { readConfig } from '../../packages/server/src/settings/config.ts';
import { systemClock } from '../../packages/server/src/system-clock.ts';
import { fill, KEYS, shown, startOn, uploadSession } from '../../testing/rows/fill-folder.ts';
import { temporaryFolder } from '../../testing/server/harness.ts';
import { openEmbeddedTarget } from './embedded-target.ts';

const SILENT = { begin: () => {}, add: () => {} };

/** A folder with something of everything, one made by a server that stopped and one by a server that was killed. */
let stopped = '';
let killed = '';
let wanted: object = {};

before(async (t) => {
  const parent = await temporaryFolder(t as TestContext);
  stopped = join(parent, 'stopped');
  killed = join(parent, 'killed');
  const server = await startOn({ SLUICE_DATA_DIR: stopped });
  await fill(server, 1050);
  wanted = await shown(server, { everyNth: 10 });
  await cp(stopped, killed, { recursive: true });
  await server.close();
});

const run = async (directory: string, target: { store: Store; objects: ObjectStore }, concurrency = 8) => {
  const source = await openTransferSource(directory);
  try {
    return await transfer({ source, target, clock: systemClock(), concurrency, progress: SILENT });
  } finally {
    await source.close();
  }
};

/** A copy of the folder for a test that changes it. */
const copyOf = async (t: TestContext, directory: string): Promise<string> => {
  const copy = join(await temporaryFolder(t), 'data');
  await cp(directory, copy, { recursive: true });
  return copy;
};

/** Every file with data below a folder, with a digest of its bytes: neither the lock nor SQLite's index of a log is data. */
const digests = (directory: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/-shm$|^lock\.db/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]),
  );

test('what was moved is shown by a server on the target as it was by that on the source', async (t) => {
  const directory = await temporaryFolder(t);
  const target = await openEmbeddedTarget(t, directory);
  const untouched = digests(stopped);
  const report = await run(stopped, target);
  assert.deepEqual(digests(stopped), untouched);
  assert.equal(report.state, 'empty');
  assert.equal(report.sent.objects, report.counts.files);
  assert.ok(report.counts.files > 1060);
  assert.deepEqual(await target.store.read.workspaces.deleted(), []);
  await target.close();
  const server = await startOn({ SLUICE_DATA_DIR: directory });
  t.after(server.close);
  assert.equal(server.firstKey, null);
  assert.deepEqual(await shown(server, { everyNth: 10 }), wanted);
  const limited = { authorization: `Bearer ${KEYS.limited}` };
  const of = (name: string) => fetch(`${server.url}/api/v1/workspaces/${name}/files`, { headers: limited });
  assert.equal((await of('default')).status, 200);
  assert.equal((await of('second%20one')).status, 404);
});

test('what is only in the log of a server that was killed is moved too', async (t) => {
  assert.ok(readFileSync(join(killed, 'sluice.db-wal')).length > 0, 'there is a log');
  const target = await openEmbeddedTarget(t, await temporaryFolder(t));
  const untouched = digests(killed);
  const report = await run(killed, target);
  assert.deepEqual(digests(killed), untouched);
  assert.ok(report.counts.files > 1060);
});

test('cut off at any point, it goes on where it was', async (t) => {
  const directory = await temporaryFolder(t);
  const target = await openEmbeddedTarget(t, directory);
  let puts = 0;
  let writes = 0;
  /** Fails from a call on, before or after it has been done: what a killed process leaves. */
  const failing = (call: 'put' | 'write', nth: number): { store: Store; objects: ObjectStore } => {
    let calls = 0;
    const cut = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
      if (name === call) calls += 1;
      if (name === call && calls > nth) throw new Error('cut off');
      const outcome = await work();
      if (name === call && calls === nth) throw new Error('cut off');
      return outcome;
    };
    return {
      store: {
        ...target.store,
        write: (work, kind) => {
          writes += 1;
          return cut('write', () => target.store.write(work, kind));
        },
      },
      objects: {
        ...target.objects,
        put: (key, body) => {
          puts += 1;
          return cut('put', () => target.objects.put(key, body));
        },
      },
    };
  };
  const usable = () =>
    target.store.read.accounts.tokenByHash(createHash('sha256').update(KEYS.admin).digest('hex'));
  const moments: ['put' | 'write', number][] = [
    ['write', 1],
    ['write', 3],
    ['put', 1],
    ['put', 400],
    ['put', 500],
    ['write', 1],
    ['write', 1],
  ];
  for (const [call, nth] of moments) {
    await assert.rejects(run(stopped, failing(call, nth)), { message: 'cut off' });
    assert.equal(await usable(), undefined, 'no key works before the end');
    for (const { id } of await target.store.read.accounts.organizations()) {
      for (const workspace of await target.store.read.workspaces.all(id)) {
        for await (const key of target.store.read.files.objectKeys(workspace.id)) {
          assert.ok(await target.objects.read(key), 'a file has its bytes');
        }
      }
    }
  }
  const report = await run(stopped, failing('put', Number.POSITIVE_INFINITY));
  assert.equal(report.state, 'unfinished');
  const margin = moments.length * 8;
  assert.ok(puts <= report.counts.files + margin, `${puts} objects were sent for ${report.counts.files}`);

  const before = { puts, writes };
  const again = await run(stopped, failing('put', Number.POSITIVE_INFINITY));
  assert.equal(again.state, 'complete');
  assert.deepEqual({ puts, writes }, before, 'a second run writes nothing');
  assert.equal(again.checksum, report.checksum);
});

test('damaged objects are named, all of them, and no key works', async (t) => {
  const directory = await copyOf(t, stopped);
  const objects = new DatabaseSync(join(directory, 'objects.db'));
  const damage = objects.prepare(
    'update body set bytes = ? where id = (select body_id from object where etag = ?)',
  );
  const etagOf = (text: string) => createHash('md5').update(text).digest('hex');
  const content = 'the content of report 7';
  assert.equal(damage.run(Buffer.from('The content of report 7'), etagOf(content)).changes, 1);
  assert.equal(damage.run(Buffer.from('short'), etagOf('the content of report 8')).changes, 1);
  objects.prepare('delete from object where etag = ?').run(etagOf('the content of report 9'));
  objects.close();
  const target = await openEmbeddedTarget(t, await temporaryFolder(t));
  await assert.rejects(run(directory, target), (error: Error) => {
    assert.match(error.message, /^3 objects of the data folder are damaged/);
    assert.match(
      error.message,
      /"report-7\.txt" \(file [0-9a-f-]{36}, object .*\): MD5 [0-9a-f]{32} instead of/,
    );
    assert.match(error.message, /"report-8\.txt".*: 5 bytes instead of 23/);
    assert.match(error.message, /"report-9\.txt".*: no object in the data folder/);
    return true;
  });
  for (const { id } of await target.store.read.accounts.organizations()) {
    for (const workspace of await target.store.read.workspaces.all(id)) assert.equal(workspace.fileCount, 0);
  }
});

test('open sessions and those that await ingestion are refused before anything is written', async (t) => {
  const directory = join(await temporaryFolder(t), 'data');
  const server = await startOn({ SLUICE_DATA_DIR: directory });
  const id = await uploadSession(server, 'default', [{ name: 'a.txt', content: 'a' }], { leaveOpen: true });
  await server.close();
  const target = await openEmbeddedTarget(t, await temporaryFolder(t));
  await assert.rejects(run(directory, target), {
    message: new RegExp(`1 upload sessions .*\\n  ${id} in workspace "default": open until `),
  });
  assert.deepEqual(await target.store.read.accounts.organizations(), []);

  const rows = new DatabaseSync(join(directory, 'sluice.db'));
  rows.exec('update upload_session set closed_at = expires_at - 1, ended_at = expires_at - 1');
  rows.close();
  await assert.rejects(run(directory, target), { message: /"default": ended, awaits ingestion$/ });
  assert.deepEqual(await target.store.read.accounts.organizations(), []);
});

test('a target that is in use is refused', async (t) => {
  const used = await temporaryFolder(t);
  const server = await startOn({ SLUICE_DATA_DIR: used });
  await server.close();
  const target = await openEmbeddedTarget(t, used);
  await assert.rejects(run(stopped, target), { message: /The target holds the API key .* it is in use/ });

  const mine = await openEmbeddedTarget(t, await temporaryFolder(t));
  await run(stopped, mine);
  const [organization] = await mine.store.read.accounts.organizations();
  assert.ok(organization);
  const late = { id: 'w', organizationId: organization.id, name: 'late', createdAt: 1 };
  await mine.store.write((tx) => tx.workspaces.insert({ ...late, fileCount: 0, filesVersion: 0 }), 'short');
  await assert.rejects(run(stopped, mine), {
    message: /has been in use since: it holds the workspace "late"/,
  });
});

test('a target that differs at the end is told apart from one that equals', async (t) => {
  const target = await openEmbeddedTarget(t, await temporaryFolder(t));
  await run(stopped, target);
  const { read } = target.store;
  const [organization] = (await read.accounts.organizations()).filter(({ name }) => name === 'default');
  const workspace = await read.workspaces.byName(organization?.id ?? '', 'default');
  assert.ok(workspace);
  const [one, two, three] = await read.files.some(workspace.id, 3);
  assert.ok(one && two && three);
  await target.store.write(async (tx) => {
    await tx.files.setMetadataMany([{ id: one.id, metadata: { other: true } }]);
    await tx.files.remove([two]);
  }, 'short');
  await target.objects.delete([three.objectKey]);
  await assert.rejects(run(stopped, target), (error: Error) => {
    assert.match(error.message, new RegExp(`file ${one.id} differs`));
    assert.match(error.message, new RegExp(`file ${two.id} is missing`));
    assert.match(error.message, new RegExp(`file ${three.id}, object .*: no object in the target`));
    assert.match(error.message, /the checksums over all files differ/);
    return true;
  });
});

test('a folder of another schema is refused with the remedy', async (t) => {
  const older = await copyOf(t, stopped);
  const change = (sql: string): void => {
    const rows = new DatabaseSync(join(older, 'sluice.db'));
    rows.exec(sql);
    rows.close();
  };
  change("delete from kysely_migration where name like '0002%'");
  await assert.rejects(openTransferSource(older), {
    message: /earlier version .* start the server of this version/,
  });
  change("insert into kysely_migration values ('0002-late-uploads', ''), ('9999-later', '')");
  await assert.rejects(openTransferSource(older), { message: /later version/ });
});

test('a folder that a server uses is refused, and one that is written to meanwhile', async (t) => {
  const directory = await copyOf(t, stopped);
  const server = await startOn({ SLUICE_DATA_DIR: directory });
  try {
    await assert.rejects(openTransferSource(directory), { message: /Another Sluice server uses/ });
  } finally {
    await server.close();
  }

  const source = await openTransferSource(directory);
  t.after(source.close);
  await assert.rejects(startOn({ SLUICE_DATA_DIR: directory }), { message: /Another Sluice server uses/ });
  source.checkUnchanged();
  const rows = new DatabaseSync(join(directory, 'sluice.db'));
  rows.exec("update organization set name = 'renamed' where name = 'other'");
  assert.throws(() => source.checkUnchanged(), { message: /was changed meanwhile/ });
  rows.close();
});

test('a plan writes nothing', async (t) => {
  const target = await openEmbeddedTarget(t, await temporaryFolder(t));
  const source = await openTransferSource(stopped);
  t.after(source.close);
  const plan = await planTransfer(source, target.store.read, systemClock());
  assert.equal(plan.state, 'empty');
  assert.equal(plan.counts.organizations, 2);
  assert.equal(plan.counts.tokens, 3);
  assert.equal(plan.counts.workspaces, 3);
  assert.ok(plan.bytes > 7_000_000);
  assert.deepEqual(await target.store.read.accounts.organizations(), []);
});

test('an outage is told with its cause, the setting to look at and what to do', async () => {
  const result = readConfig({
    SLUICE_DATABASE_URL: 'postgresql://sluice@127.0.0.1:1/sluice',
    SLUICE_S3_ENDPOINT: 'http://127.0.0.1:1',
    SLUICE_S3_ACCESS_KEY_ID: 'key',
    SLUICE_S3_SECRET_ACCESS_KEY: 'secret',
  });
  assert.ok('config' in result);
  await assert.rejects(transferCommand(result.config, ['--from', stopped]), (error: Error) => {
    assert.match(error.message, /nothing listens there \(ECONNREFUSED\)\. Look at SLUICE_S3_ENDPOINT\./);
    assert.match(error.message, /run the same command again/);
    // What prints it would else explain the cause, and leave out what to do.
    assert.equal(error.cause, undefined);
    return true;
  });
});
