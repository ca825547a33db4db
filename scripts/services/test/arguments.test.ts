import assert from 'node:assert/strict';
import { test } from 'node:test';
import { soonestStore } from '../../../testing/services/stores.ts';
import { parseArguments } from '../arguments.ts';

test('without a command one store is started, by default the one that is there soonest', () => {
  assert.deepEqual(
    parseArguments([], () => 'minio'),
    { stores: ['minio'], fast: false },
  );
  assert.deepEqual(parseArguments(['--fast', '--store', 'versitygw']), { stores: ['versitygw'], fast: true });
});

test('a command gets all stores, and keeps its own options', () => {
  assert.deepEqual(parseArguments(['run', 'node', '--test', '--store', 'x']), {
    stores: ['versitygw', 'minio'],
    fast: false,
    command: ['node', '--test', '--store', 'x'],
  });
  assert.deepEqual(parseArguments(['run', '--store', 'minio', '--fast', 'true']), {
    stores: ['minio'],
    fast: true,
    command: ['true'],
  });
});

test('what cannot be meant is refused', () => {
  assert.throws(() => parseArguments(['run']), /needs a command/);
  assert.throws(() => parseArguments(['start']), /Unknown argument start/);
  assert.throws(() => parseArguments(['--slow']), /Unknown option --slow/);
  assert.throws(() => parseArguments(['--store']), /no store without a name/);
  assert.throws(() => parseArguments(['run', '--store', 'toString', 'true']), /no store toString/);
  assert.throws(() => parseArguments(['--store', 'minio', '--store', 'versitygw']), /Only one store/);
});

test('the store that is there soonest is one that is built, else the one that builds sooner', () => {
  assert.equal(
    soonestStore(() => true),
    'minio',
  );
  assert.equal(
    soonestStore((name) => name === 'versitygw'),
    'versitygw',
  );
  assert.equal(
    soonestStore(() => false),
    'versitygw',
  );
});
