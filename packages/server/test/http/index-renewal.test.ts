import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { IN_PRODUCTION, startHarness, temporaryFolder } from '../../../../testing/server/harness.ts';

/** Takes the entries and the schema in a folder back to what the version before has left. */
const age = (directory: string): void => {
  const database = new DatabaseSync(join(directory, 'sluice.db'));
  database.exec(`
    drop index file_index_version;
    alter table file drop column index_version;
    delete from file_metadata where value >= 't' and value < 'u';
    update file_metadata set value = substr(value, 1, 17) where value >= 'n' and value < 'o';
    delete from kysely_migration where name = '0006-index-versions'`);
  database.close();
};

test('a folder of the version before is searched rightly, at once or a moment later', {
  skip: IN_PRODUCTION,
}, async (t) => {
  const directory = await temporaryFolder(t);
  const before = await startHarness(t, { directory });
  const published = '2025-01-01T01:00:00+01:00';
  for (let at = 0; at < 40; at++) await before.uploadFile(`${at}.txt`, 'x', { at, published, big: 2 ** 60 });
  await before.close();
  age(directory);

  const asking = '/files?limit=1&filter=';
  const filters = ['published eq 2025-01-01T00:00:00Z', `big eq ${2 ** 60}`].map(encodeURIComponent);
  const idle = await startHarness(t, { directory, work: false });
  for (const filter of filters) {
    const { status, headers, body } = await idle.ws('GET', asking + filter);
    assert.deepEqual([status, headers.get('retry-after'), body.code], [503, '5', 'INDEX_NOT_READY']);
  }
  const quoted = await idle.ws(
    'GET',
    asking + encodeURIComponent(`published eq '${published}' and at lt 10`),
  );
  assert.equal(quoted.body.total, 10);
  await idle.close();

  const after = await startHarness(t, { directory });
  await after.drain();
  for (const filter of filters) assert.equal((await after.ws('GET', asking + filter)).body.total, 40);
});
