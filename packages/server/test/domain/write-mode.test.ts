import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileRecord } from '../../src/domain/file.ts';
import { planWrites } from '../../src/domain/write-mode.ts';

const file = (id: string, name: string, createdAt = 1): FileRecord => ({
  id,
  workspaceId: 'w',
  name,
  size: 1,
  characters: 0,
  createdAt,
  metadata: { of: id },
  objectKey: `key-${id}`,
  etag: id,
  temporaryUntil: null,
});
const taken = new Map([['a', [file('old', 'a', 1), file('newer', 'a', 2)]]]);
const arriving = [file('x', 'a', 9), file('y', 'b', 9)];
const ids = (files: readonly { id: string }[]) => files.map((one) => one.id);

test('KEEP and TEMPORARY add, whatever is there', () => {
  for (const mode of ['KEEP', 'TEMPORARY'] as const) {
    const plan = planWrites(mode, arriving, taken);
    assert.deepEqual(ids(plan.inserted), ['x', 'y']);
    assert.deepEqual([plan.replaced, plan.removed, plan.refused, plan.displaced], [[], [], [], []]);
  }
});

test('FAIL refuses a taken name and adds the others', () => {
  const plan = planWrites('FAIL', arriving, taken);
  assert.deepEqual([ids(plan.refused), ids(plan.inserted)], [['x'], ['y']]);
});

test('OVERWRITE gives the newest of the name new content under its id, its twins go', () => {
  const plan = planWrites('OVERWRITE', arriving, taken);
  assert.deepEqual(ids(plan.inserted), ['y']);
  assert.deepEqual(ids(plan.removed), ['old']);
  assert.deepEqual(plan.displaced, ['key-newer']);
  assert.deepEqual(plan.replaced, [{ ...file('x', 'a', 2), id: 'newer' }]);
});
