import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openForWriting } from '../../../../src/objects/local/schema.ts';
import { createBatchWriter } from '../../../../src/objects/local/writing/batch-writer.ts';
import type { Operation } from '../../../../src/objects/local/writing/operations.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const PREFIX = 'o/w/s/';

const openWriter = async (t: TestContext, maxFilesPerSession = 100) => {
  const database = openForWriting(join(await temporaryFolder(t), 'objects.db'));
  t.after(() => database.close());
  const write = createBatchWriter(database, maxFilesPerSession, () => true);
  const bytes = new Uint8Array(100);
  return {
    database,
    write: (...operations: Operation[]) => write([{ operations, bytes }]),
    writeBatches: (...batches: Operation[][]) => write(batches.map((operations) => ({ operations, bytes }))),
    keys: () =>
      database
        .prepare('select key from object order by key')
        .all()
        .map(({ key }) => key),
    bodies: () => database.prepare('select count(*) as n from body').get()?.n,
  };
};

const put = (name: string, more: object = {}): Operation => ({
  kind: 'put',
  key: `${PREFIX}${name}`,
  prefix: PREFIX,
  storedAt: 1,
  size: 3,
  body: { start: 0 },
  ...more,
});

/** What no key may be. */
const broken = () => put('', { key: null });

test('one operation that cannot succeed takes no other with it', async (t) => {
  const { write, keys, bodies } = await openWriter(t);
  const { outcomes } = write(put('a'), broken(), put('b'));
  assert.deepEqual(
    outcomes.map((outcome) => Object.keys(outcome)),
    [['etag'], ['failed'], ['etag']],
  );
  assert.deepEqual(keys(), [`${PREFIX}a`, `${PREFIX}b`]);
  assert.equal(bodies(), 2);
});

test('several batches are one transaction, their outcomes in order', async (t) => {
  const { writeBatches, keys } = await openWriter(t);
  const { outcomes } = writeBatches(
    [put('a'), { kind: 'seal', prefix: PREFIX, at: 1 }],
    [put('b'), { kind: 'delete', keys: [`${PREFIX}a`] }],
  );
  assert.deepEqual(
    outcomes.map((outcome) => ('refused' in outcome ? outcome.refused : Object.keys(outcome)[0])),
    ['etag', 'done', 'SEALED', 'done'],
  );
  assert.deepEqual(keys(), []);
});

test('what was rolled back is not counted', async (t) => {
  const { write, keys } = await openWriter(t, 2);
  for (let round = 0; round < 3; round++) write(put('a'), broken());
  assert.deepEqual(write(put('b'), put('c')).outcomes[1], { refused: 'TOO_MANY_FILES' });
  assert.deepEqual(keys(), [`${PREFIX}a`, `${PREFIX}b`]);
});

test('LIF.5: a body that was replaced, moved onto or deleted is gone, and its file is given back', async (t) => {
  const { write, bodies } = await openWriter(t);
  const file = (name: string, key = 'a') => put(key, { body: { file: name, etag: name } });
  assert.deepEqual(write(file('f1')).freed, []);
  assert.deepEqual(write(file('f2')).freed, ['f1']);
  assert.deepEqual(write(put('a')).freed, ['f2']);
  assert.deepEqual(write(put('a')).freed, []);
  assert.equal(bodies(), 1);
  write(file('f3', 'b'));
  const move = { from: `${PREFIX}a`, to: `${PREFIX}b`, etag: '693e9af84d3dfcc71e640e005bdc5e2e' };
  assert.deepEqual(write({ kind: 'move', moves: [move] }), {
    outcomes: [{ moves: ['moved'] }],
    freed: ['f3'],
  });
  assert.deepEqual(write(file('f4', 'b')).freed, []);
  assert.equal(bodies(), 0);
  assert.deepEqual(write({ kind: 'delete', keys: [`${PREFIX}b`] }).freed, ['f4']);
});
