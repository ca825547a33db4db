import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openConnection } from '../../../src/store/sqlite/connection.ts';

test('LIF.7: what a connection commits is on the disk, and refers to rows that are there', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-connection-'));
  t.after(() => rm(directory, { recursive: true }));
  const path = join(directory, 'sluice.db');
  const connection = openConnection({ path, readOnly: false, cacheKiB: 100 });
  t.after(() => connection.close());
  const FULL = 2;
  for (const [pragma, value] of [
    ['synchronous', FULL],
    ['journal_mode', 'wal'],
    ['foreign_keys', 1],
  ]) {
    const { rows } = connection.execute(
      { sql: `pragma ${pragma}`, parameters: [] },
      Number.POSITIVE_INFINITY,
    );
    assert.deepEqual({ ...(rows[0] as object) }, { [`${pragma}`]: value });
  }
});
