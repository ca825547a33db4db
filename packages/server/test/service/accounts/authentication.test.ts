import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTemporaryStore } from '../../../../../testing/store/open-sqlite-store.ts';
import { ORGANIZATION, prepareStore, tokenOf } from '../../../../../testing/store/store-fixture.ts';
import { hashToken } from '../../../src/domain/accounts/tokens.ts';
import { DomainError } from '../../../src/domain/errors.ts';
import { createAuthenticate, rememberWhileAway } from '../../../src/service/accounts/authentication.ts';

test('who read metrics before reads them while the database is away, and nobody else', async () => {
  const store = await prepareStore(openTemporaryStore, 'default');
  const keys = {
    operator: {},
    expiring: { expiresAt: 100 },
    limited: { workspaceIds: ['a'] },
    reader: { role: 'EXTERNAL' },
    deleted: {},
    unasked: {},
  } as const;
  await store.write(async (tx) => {
    for (const [name, given] of Object.entries(keys)) {
      await tx.accounts.insertToken(tokenOf(name, { ...given, hash: hashToken(name) } as object));
    }
  }, 'short');
  let now = 50;
  let away = false;
  const clock = () => now;
  const lookUp = createAuthenticate({ store, clock });
  const authenticate = rememberWhileAway(
    (key) => (away ? Promise.reject(new DomainError('STORAGE_UNAVAILABLE', 'away')) : lookUp(key)),
    { clock },
  );
  const who = async (key: string) => {
    const principal = await authenticate(key).catch((error: unknown) => (error as DomainError).code);
    return typeof principal === 'object' ? principal.token.id === tokenOf(key).id : principal;
  };
  for (const key of Object.keys(keys)) if (key !== 'unasked') assert.equal(await who(key), true, key);
  await store.write((tx) => tx.accounts.deleteToken(ORGANIZATION, tokenOf('deleted').id), 'short');
  assert.equal(await who('deleted'), undefined);
  away = true;
  const expected = {
    operator: true,
    expiring: true,
    limited: false,
    reader: false,
    deleted: false,
    unasked: false,
  };
  for (const [key, there] of Object.entries(expected)) {
    assert.equal(await who(key), there ? true : 'STORAGE_UNAVAILABLE', key);
  }
  now = 100;
  assert.equal(await who('expiring'), undefined);
  away = false;
  assert.equal(await who('operator'), true);
  await store.close();
});

test('a key works until the instant of its expiry, and not at it', async () => {
  const store = await prepareStore(openTemporaryStore);
  await store.write(
    (tx) => tx.accounts.insertToken(tokenOf('k', { expiresAt: 100, hash: hashToken('k') })),
    'short',
  );
  const isTakenAt = async (now: number) =>
    (await createAuthenticate({ store, clock: () => now })('k')) !== undefined;
  assert.deepEqual([await isTakenAt(99), await isTakenAt(100), await isTakenAt(101)], [true, false, false]);
  await store.close();
});
