import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Store, Writer } from '../../../packages/server/src/service/ports/store.ts';
import {
  openPostgresStore,
  type PostgresOptions,
} from '../../../packages/server/src/store/postgres/store.ts';
import { type Postgres, startPostgres } from '../../../testing/services/postgres.ts';
import { prepareStore, SPACE, sessionOf } from '../../../testing/store/store-fixture.ts';
import { startDatabaseProxy } from '../database-proxy.ts';
import { openStore, ownDatabase } from './own-database.ts';

const unavailable = { code: 'STORAGE_UNAVAILABLE' };

let options: PostgresOptions;
before(async () => {
  ({ options } = await ownDatabase());
  await prepareStore(() => openStore(options));
});

/** A transaction that stays open until it is let go; `ready` once it is there. */
const holding = (store: Store, work: (tx: Writer) => Promise<unknown> = async () => {}) => {
  const ready = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const ended = store.write(async (tx) => {
    await work(tx);
    ready.resolve();
    await release.promise;
  }, 'short');
  return { ready: ready.promise, letGo: () => release.resolve(), ended };
};

test('where no connection gets free in time, that is told', async () => {
  const store = await openStore({ ...options, poolSize: 2, connectTimeoutMs: 300 });
  const held = [holding(store), holding(store)];
  for (const { ready } of held) await ready;
  await assert.rejects(store.ping(), unavailable);
  for (const { letGo, ended } of held) {
    letGo();
    await ended;
  }
  await store.ping();
});

test('a statement that takes too long is ended, and its connection goes on', async () => {
  const [store, other] = [
    await openStore({ ...options, poolSize: 1, statementTimeoutMs: 200 }),
    await openStore(options),
  ];
  const held = holding(other, (tx) => tx.files.lockWorkspace(SPACE.id));
  await held.ready;
  await assert.rejects(
    store.write((tx) => tx.files.lockWorkspace(SPACE.id), 'short'),
    unavailable,
  );
  await store.ping();
  held.letGo();
  await held.ended;
  assert.equal(await store.write((tx) => tx.files.lockWorkspace(SPACE.id), 'short'), true);
});

test('LIF.9: work that fails or is given up leaves no connection behind', async () => {
  const store = await openStore({ ...options, poolSize: 1, connectTimeoutMs: 2000 });
  await store.write((tx) => tx.sessions.insert(sessionOf('twice')), 'short');
  for (let time = 0; time < 5; time++) {
    await assert.rejects(
      store.write((tx) => tx.sessions.insert(sessionOf('twice')), 'short'),
      /duplicate key/,
    );
    await assert.rejects(
      store.write(async () => {
        throw new Error('given up');
      }, 'short'),
      /given up/,
    );
  }
  await store.ping();
});

test('a server that cannot be reached is told at once', async () => {
  const nobody = new URL(options.url);
  nobody.port = '1';
  await assert.rejects(openPostgresStore({ ...options, url: nobody.href }), unavailable);
});

test('a server that does not answer any more is given up, and taken up again', async () => {
  const proxy = await startDatabaseProxy(options.url);
  try {
    const through = {
      ...options,
      url: proxy.url,
      statementTimeoutMs: 100,
      connectTimeoutMs: 500,
      poolSize: 2,
    };
    const store = await openPostgresStore({ ...through, statementTimeoutMs: 5000 });
    await store.close();
    const frozen = await openPostgresStore(through);
    await frozen.ping();
    proxy.set('hang');
    await assert.rejects(frozen.ping(), unavailable, 'on a connection that was there');
    await assert.rejects(frozen.ping(), unavailable, 'on a new one');
    proxy.set('pass');
    await frozen.ping();
    await frozen.close();
  } finally {
    await proxy.close();
  }
});

let own: Postgres | undefined;
after(() => own?.remove());

test('a restart of PostgreSQL fails what runs, loses nothing that was acknowledged, and is got over', async () => {
  own = await startPostgres();
  const store = await prepareStore(() => openPostgresStore({ ...options, url: (own as Postgres).url }));
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    await store.write((tx) => tx.sessions.insert(sessionOf(`before ${signal}`)), 'short');
    const held = holding(store, (tx) => tx.sessions.insert(sessionOf(`during ${signal}`)));
    await held.ready;
    await own.stop(signal);
    held.letGo();
    await assert.rejects(held.ended, unavailable);
    await assert.rejects(store.ping(), unavailable);
    await own.start();
    await store.ping();
    assert.ok(await store.read.sessions.byId(sessionOf(`before ${signal}`).id));
    assert.equal(await store.read.sessions.byId(sessionOf(`during ${signal}`).id), undefined);
  }
  await store.close();
});
