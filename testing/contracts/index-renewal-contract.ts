import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { DomainError } from '../../packages/server/src/domain/errors.ts';
import type { Metadata } from '../../packages/server/src/domain/file.ts';
import { parseJson } from '../../packages/server/src/domain/json/numbers.ts';
import { parseFilter } from '../../packages/server/src/domain/odata/parse.ts';
import {
  type FileDatabase,
  fileOf,
  type OpenFileDatabase,
  OTHER_WORKSPACE,
  searchFor,
  WORKSPACE,
} from '../store/file-fixture.ts';

/** Makes the entries of all files what version 0 made of their metadata. */
const age = async ({ db }: FileDatabase): Promise<void> => {
  await sql`update file set index_version = 0`.execute(db);
  await sql`delete from file_metadata where value >= 't' and value < 'u'`.execute(db);
  await sql`update file_metadata set value = substr(value, 1, 17) where value >= 'n' and value < 'o'`.execute(
    db,
  );
};

const METADATA: Metadata[] = [
  { at: '2026-01-02T00:00:00+01:00', note: 'x'.repeat(400) },
  parseJson('{"id_of":1546130668394913822,"list":[1,"2026-01-01"]}') as Metadata,
  { plain: 'text', year: 2026 },
  {},
];

const entriesOf = async ({ db }: FileDatabase): Promise<unknown[]> =>
  (await sql`select * from file_metadata order by file_number, path, value`.execute(db)).rows;

const filled = async (open: OpenFileDatabase): Promise<FileDatabase> => {
  const database = await open();
  await database.write((writer) =>
    writer.insertMany([
      ...METADATA.map((metadata, at) => fileOf(at, { metadata })),
      fileOf('temporary', { metadata: { at: '2026-01-01' }, temporaryUntil: 5 }),
    ]),
  );
  return database;
};

const found = async ({ files }: FileDatabase, filter: string, given: object = {}): Promise<string[]> => {
  const search = searchFor({ filter: parseFilter(filter), ...given });
  const page = { sort: { field: 'created_at', order: 'ASC' }, limit: 10, offset: 0 } as const;
  return (await files.list(search, page)).map(({ name }) => name).sort();
};

const isNotReady = (error: unknown): boolean =>
  error instanceof DomainError && error.code === 'INDEX_NOT_READY';

/** What holds for every database. */
export const indexRenewalTests = (open: OpenFileDatabase): void => {
  test('entries of an earlier version become those of today, step by step', async () => {
    const database = await filled(open);
    const today = await entriesOf(database);
    await age(database);
    assert.notDeepEqual(await entriesOf(database), today);
    assert.ok(await database.files.hasOldEntries());
    const steps: number[] = [];
    const step = () => database.write(async (writer) => void steps.push(await writer.renewEntries(2)));
    do await step();
    while (steps.at(-1) !== 0);
    assert.deepEqual(steps, [2, 2, 1, 0]);
    assert.deepEqual(await entriesOf(database), today);
    assert.ok(!(await database.files.hasOldEntries()));
  });

  test('until then, filters that they would answer wrongly are refused, and no others', async () => {
    const database = await filled(open);
    await age(database);
    for (const filter of [
      'at ge 2026-01-01T23:00:00Z',
      'not (at eq 2026-01-02)',
      'id_of eq 1546130668394913822',
      "plain eq 'text' and year in (1,9007199254740992)",
    ]) {
      await assert.rejects(found(database, filter), isNotReady, filter);
      await assert.rejects(database.files.count(searchFor({ filter: parseFilter(filter) })), isNotReady);
    }
    assert.deepEqual(await found(database, "at eq '2026-01-02T00:00:00+01:00' or year gt 1"), [
      '0.txt',
      '2.txt',
    ]);
    assert.deepEqual(await found(database, 'created_at gt 2020-01-01 and id_of gt 5'), ['1.txt']);
    assert.deepEqual(
      await found(database, 'at ge 2020-01-01', { workspaceId: OTHER_WORKSPACE }),
      [],
      'in another workspace there are none',
    );

    // Those that stay come first.
    await database.write(async (writer) => void (await writer.renewEntries(4)));
    assert.deepEqual(await found(database, 'at ge 2026-01-01T23:00:00Z'), ['0.txt']);
    await assert.rejects(found(database, 'at ge 2026-01-01', { includeTemporary: true }), isNotReady);
    await database.write(async (writer) => void (await writer.renewEntries(4)));
    assert.deepEqual(await found(database, 'at ge 2026-01-01', { includeTemporary: true }), [
      '0.txt',
      'temporary.txt',
    ]);
    assert.deepEqual(await found(database, 'id_of eq 1546130668394913822 and list lt 2026-01-02'), ['1.txt']);
  });

  test('a file that is written meanwhile has the entries of today, and is gone if it was deleted', async () => {
    const database = await filled(open);
    await age(database);
    const [first, second] = [fileOf(0), fileOf(1)];
    await database.write(async (writer) => {
      await writer.setMetadataMany([{ id: first.id, metadata: { at: '2027-01-01' } }]);
      await writer.replace([{ ...second, metadata: { at: '2028-01-01' } }]);
      await writer.remove([fileOf(2)]);
      assert.equal(await writer.renewEntries(10), 2);
      assert.equal((await writer.get(WORKSPACE, first.id))?.metadata.at, '2027-01-01');
    });
    assert.deepEqual(await found(database, 'at ge 2026-01-01'), ['0.txt', '1.txt']);
  });

  test('numbers keep their text in the row', async () => {
    const database = await open();
    const text = '{"a":[1.0,1546130668394913822,1e5,-0,0.10],"b":{"c":12345678901234567890}}';
    const file = fileOf('numbers', { metadata: parseJson(text) as Metadata });
    await database.write((writer) => writer.insertMany([file]));
    const read = async () => JSON.stringify((await database.files.get(WORKSPACE, file.id))?.metadata);
    assert.equal(await read(), text);
    const changed = '{"a":-12345678901234567890.50}';
    await database.write((writer) =>
      writer.setMetadataMany([{ id: file.id, metadata: parseJson(changed) as Metadata }]),
    );
    assert.equal(await read(), changed);
  });
};
