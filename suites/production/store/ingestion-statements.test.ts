import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WRITE_MODES } from '@sluice/contract';
import { uuidOf } from '../../../packages/server/src/domain/uuid.ts';
import { settle } from '../../../packages/server/src/service/ingestion/settle.ts';
import { takeBatch } from '../../../packages/server/src/service/ingestion/take-batch.ts';
import type { ObjectStore, SmallObject } from '../../../packages/server/src/service/ports/objects.ts';
import type { Store } from '../../../packages/server/src/service/ports/store.ts';
import type { Observer } from '../../../packages/server/src/service/ports/telling.ts';
import { createPutFiles } from '../../../packages/server/src/service/put-files.ts';
import { migratePostgres, openPostgres } from '../../../packages/server/src/store/postgres/store.ts';
import { reader, writer } from '../../../packages/server/src/store/repositories.ts';
import { prepareStore, SPACE, sessionFileOf, sessionOf } from '../../../testing/store/store-fixture.ts';
import { closeLater, ownDatabase } from './own-database.ts';

const FILES = 2000;

/** Where every object is at once where it is to go, and no sidecar has anything wrong. */
const objects = {
  readMany: async (sidecars: readonly SmallObject[]) =>
    new Map(sidecars.map(({ key }) => [key, Buffer.from(JSON.stringify({ key, list: [1, 2, 3] }))])),
  move: async (moves: readonly unknown[]) => moves.map(() => 'moved'),
} as unknown as ObjectStore;

test('a batch of two thousand files takes less than one statement for each hundred, in every write mode', async () => {
  const { options } = await ownDatabase();
  await migratePostgres(options);
  const statements: string[] = [];
  const db = openPostgres(options, (event) => {
    statements.push(event.query.sql);
  });
  const store: Store = {
    read: reader(db),
    write: (work) => db.transaction().execute((trx) => work(writer(trx))),
    ping: async () => {},
    close: () => db.destroy(),
  };
  closeLater(() => store.close());
  await prepareStore(async () => store);
  let ids = 0;
  const context = {
    store,
    objects,
    observer: { filesSettled: () => {} } as unknown as Observer,
    putFiles: createPutFiles({
      clock: () => 50,
      newId: () => uuidOf(`new ${ids++}`),
      temporaryFor: 100,
    }),
  };
  for (const [round, writeMode] of [...WRITE_MODES, ...WRITE_MODES].entries()) {
    const session = sessionOf(round, { writeMode });
    const batch = Array.from({ length: FILES }, (_, at) =>
      sessionFileOf(session, at, { sidecarKey: `${at}.txt.meta.json` }),
    );
    await store.write(async (tx) => {
      await tx.sessions.insert(session);
      await tx.sessionFiles.insertMany(batch);
    }, 'short');
    statements.length = 0;
    await settle(context, SPACE, session, await takeBatch(context, SPACE, batch));
    assert.ok(statements.length <= FILES / 100, `${writeMode}:\n${statements.join('\n')}`);
    const after = await store.read.sessions.byId(session.id);
    assert.equal((after?.finishedFiles ?? 0) + (after?.failedFiles ?? 0), FILES, writeMode);
  }
});
