import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { sql } from 'kysely';
import type { FileRecord, Metadata } from '../../packages/server/src/domain/file.ts';
import { parseFilter } from '../../packages/server/src/domain/odata/parse.ts';
import {
  type FileDatabase,
  fileOf,
  type OpenFileDatabase,
  OTHER_WORKSPACE,
  searchFor,
  WORKSPACE,
  workspaceCounters,
} from '../store/file-fixture.ts';

const sort = { field: 'created_at', order: 'ASC' } as const;

const namesFound = async (
  { files }: FileDatabase,
  search: { filter?: string; name?: string; includeTemporary?: boolean },
): Promise<string[]> => {
  const filter = search.filter === undefined ? null : parseFilter(search.filter);
  const page = { sort, limit: 100, offset: 0 } as const;
  const found = await files.list(searchFor({ ...search, filter }), page);
  return found.map((file) => file.name);
};

/** Rows of indexes that belong to no file: they would make searches slow, and wrong if a number came again. */
const strayRows = async ({ db, strayNames }: FileDatabase): Promise<number> => {
  const found = await sql<{ count: number }>`
    select count(*) as count from file_metadata where file_number not in (select number from file)`.execute(
    db,
  );
  return (found.rows[0]?.count as number) + (await strayNames());
};

export const fileWriterTests = (openFileDatabase: OpenFileDatabase): void => {
  test('a file comes back as it was put in', async () => {
    const { files, write } = await openFileDatabase();
    const metadata = JSON.parse(
      `{"__proto__":{"x":[1,null]},"long":"${'ü'.repeat(16_000)}","text":"1","number":1.5,"":{}}`,
    ) as Metadata;
    const file = fileOf('ü ✓ 1', {
      size: 2 ** 40,
      characters: 7,
      metadata,
      createdAt: 1_700_000_000_123_457,
      etag: '123e45',
      temporaryUntil: 1_800_000_000_000_001,
    });
    await write((writer) => writer.insertMany([file]));
    assert.deepEqual(await files.get(WORKSPACE, file.id), file);
    const page = { sort, limit: 1, offset: 0 } as const;
    assert.deepEqual(await files.list(searchFor({ includeTemporary: true }), page), [file]);
    assert.equal(await files.get(WORKSPACE, 'no id'), undefined);
  });

  test('files of several workspaces and many files at once', async () => {
    const database = await openFileDatabase();
    const many = Array.from({ length: 2500 }, (_, at) =>
      fileOf(at, {
        workspaceId: at % 2 === 0 ? WORKSPACE : OTHER_WORKSPACE,
        temporaryUntil: at % 5 === 0 ? 1 : null,
        metadata: { at, list: [at, at + 1, 'x'] },
      }),
    );
    database.statements.length = 0;
    await database.write((writer) => writer.insertMany(many));
    assert.ok(database.statements.length <= 40, `${database.statements.length} statements`);
    assert.deepEqual(await workspaceCounters(database), { fileCount: 1000, filesVersion: 1 });
    assert.deepEqual(await workspaceCounters(database, OTHER_WORKSPACE), {
      fileCount: 1000,
      filesVersion: 1,
    });
    assert.deepEqual(await namesFound(database, { filter: 'list eq 1002' }), ['1002.txt']);
    assert.deepEqual(await namesFound(database, { name: '1238' }), ['1238.txt']);
  });

  test('very much metadata in one transaction', async () => {
    const database = await openFileDatabase();
    const heavy = Array.from({ length: 50 }, (_, at) =>
      fileOf(at, {
        metadata: { at, texts: Array.from({ length: 7 }, (_, n) => `${n}${'y'.repeat(32_000)}`) },
      }),
    );
    await database.write((writer) => writer.insertMany(heavy));
    assert.deepEqual(await namesFound(database, { filter: "endswith(texts,'y') and at eq 49" }), ['49.txt']);
    assert.deepEqual(
      (await database.files.get(WORKSPACE, fileOf(7).id))?.metadata,
      heavy[7]?.metadata,
      'the whole of it',
    );
  });

  test('replaced content: the id and the time of creation stay, all else is new', async () => {
    const database = await openFileDatabase();
    const { files, write } = database;
    const old = fileOf('old', { createdAt: 5, metadata: { state: 'old', gone: 1 } });
    const bystander = fileOf('bystander', { createdAt: 6, metadata: { state: 'old' } });
    await write((writer) => writer.insertMany([old, bystander]));
    const file: FileRecord = {
      ...fileOf('new', { metadata: { state: 'new' }, size: 99, characters: 3 }),
      id: old.id,
      createdAt: 77,
    };
    await write((writer) => writer.replace([file]));
    assert.deepEqual(await files.get(WORKSPACE, old.id), { ...file, createdAt: 5 });
    assert.deepEqual(await files.get(WORKSPACE, bystander.id), bystander);
    assert.deepEqual(await workspaceCounters(database), { fileCount: 2, filesVersion: 2 });
    assert.deepEqual(await namesFound(database, { filter: "state eq 'new'" }), ['new.txt']);
    assert.deepEqual(await namesFound(database, { filter: "state eq 'old'" }), ['bystander.txt']);
    assert.deepEqual(await namesFound(database, { filter: 'gone ne null' }), []);
    assert.deepEqual(await namesFound(database, { name: 'new' }), ['new.txt']);
    assert.deepEqual(await namesFound(database, { name: 'old' }), []);
    assert.equal(await strayRows(database), 0);

    await write((writer) => writer.replace([fileOf('never was')]));
    assert.deepEqual(
      await workspaceCounters(database),
      { fileCount: 2, filesVersion: 2 },
      'nothing to replace',
    );
  });

  test('removed files leave nothing behind, and removing them again changes nothing', async () => {
    const database = await openFileDatabase();
    const all = [1, 2, 3, 4].map((at) =>
      fileOf(`file-${at}`, { metadata: { at }, temporaryUntil: at === 4 ? 1 : null }),
    );
    const [, second, third, fourth] = all as [FileRecord, FileRecord, FileRecord, FileRecord];
    await database.write((writer) => writer.insertMany(all));
    await database.write((writer) => writer.remove([second, third, fourth]));
    assert.deepEqual(await workspaceCounters(database), { fileCount: 1, filesVersion: 2 });
    assert.deepEqual(await namesFound(database, { name: 'file-', includeTemporary: true }), ['file-1.txt']);
    assert.deepEqual(await namesFound(database, { filter: 'at ge 1', includeTemporary: true }), [
      'file-1.txt',
    ]);
    assert.equal(await strayRows(database), 0);
    await database.write((writer) => writer.remove([second]));
    await database.write((writer) => writer.remove([]));
    assert.deepEqual(await workspaceCounters(database), { fileCount: 1, filesVersion: 2 });

    await database.write((writer) => writer.insertMany([fileOf('file-5', { metadata: { at: 2 } })]));
    assert.deepEqual(
      await namesFound(database, { filter: 'at eq 2' }),
      ['file-5.txt'],
      'under a number used before',
    );
  });

  test('a transaction that fails leaves files, indexes and counters as they were', async () => {
    const database = await openFileDatabase();
    await database.write((writer) => writer.insertMany([fileOf(1, { metadata: { a: 1 } })]));
    const failed = database.write(async (writer) => {
      await writer.setMetadataMany([fileOf(1, { metadata: { a: 2 } })]);
      await writer.insertMany([fileOf(2), fileOf(3), fileOf(1)]);
    });
    await assert.rejects(failed, /unique/i);
    assert.deepEqual(await workspaceCounters(database), { fileCount: 1, filesVersion: 1 });
    assert.deepEqual(await namesFound(database, { filter: 'a eq 1' }), ['1.txt']);
    assert.deepEqual(await namesFound(database, { name: '.txt' }), ['1.txt']);
  });

  test('MET.6: a change of metadata touches one file', async () => {
    const database = await openFileDatabase();
    const { files, write } = database;
    const all = Array.from({ length: 30 }, (_, at) =>
      fileOf(at, { name: `twin-${at % 2}.txt`, metadata: { same: 'x', at }, createdAt: 5 }),
    );
    await write((writer) => writer.insertMany(all));
    const changed = all[11] as FileRecord;
    const before = await hashOfOthers(database, changed);
    await write((writer) =>
      writer.setMetadataMany([{ id: changed.id, metadata: { other: [1, 1, { deep: true }] } }]),
    );
    assert.equal(await hashOfOthers(database, changed), before);
    assert.deepEqual(await files.get(WORKSPACE, changed.id), {
      ...changed,
      metadata: { other: [1, 1, { deep: true }] },
    });
    assert.equal(await files.count(searchFor({ filter: parseFilter("same eq 'x'") })), 29);
    assert.equal(await files.count(searchFor({ filter: parseFilter('other.deep eq true') })), 1);
    assert.deepEqual(await workspaceCounters(database), { fileCount: 30, filesVersion: 2 });
    await write((writer) => writer.setMetadataMany([fileOf('gone', { metadata: { a: 1 } })]));
    assert.equal(await strayRows(database), 0);
    assert.deepEqual(
      await workspaceCounters(database),
      { fileCount: 30, filesVersion: 2 },
      'no file, no change',
    );
  });

  test('metadata of many files, in the statements that one takes', async () => {
    const database = await openFileDatabase();
    const { files, write, statements } = database;
    const all = Array.from({ length: 600 }, (_, at) =>
      fileOf(at, {
        metadata: { at, old: true },
        workspaceId: at % 2 === 0 ? WORKSPACE : OTHER_WORKSPACE,
        temporaryUntil: at === 0 ? 9 : null,
      }),
    );
    await write((writer) => writer.insertMany(all));
    const change = (some: readonly FileRecord[]) => async (): Promise<number> => {
      statements.length = 0;
      await write((writer) =>
        writer.setMetadataMany([
          ...some.map(({ id }, at) => ({ id, metadata: { at: `new ${at}`, list: [at, at + 1] } })),
          fileOf('gone', { metadata: { at: 'new' } }),
        ]),
      );
      return statements.length;
    };
    const forOne = await change(all.slice(598, 599))();
    assert.equal(await change(all.filter((_, at) => at % 2 === 0))(), forOne);
    assert.equal(await files.count(searchFor({ filter: parseFilter('list eq 7') })), 2);
    assert.equal(await files.count(searchFor({ filter: parseFilter('old eq true') })), 0);
    assert.equal((await files.get(OTHER_WORKSPACE, fileOf(1).id))?.metadata.old, true);
    assert.deepEqual(await workspaceCounters(database), { fileCount: 299, filesVersion: 3 });
    assert.equal(await strayRows(database), 0);
    await write((writer) => writer.setMetadataMany([]));
  });

  test('many files by their ids, those of this workspace alone', async () => {
    const { files, write, statements } = await openFileDatabase();
    const one = fileOf(1, { metadata: { a: [1, 'x'] } });
    const temporary = fileOf(2, { temporaryUntil: 9 });
    const elsewhere = fileOf(3, { workspaceId: OTHER_WORKSPACE });
    await write((writer) => writer.insertMany([one, temporary, elsewhere]));
    statements.length = 0;
    const unknown = Array.from({ length: 10_000 }, (_, at) => `no id ${at}`);
    const found = await files.getMany(WORKSPACE, [temporary.id, ...unknown, one.id, elsewhere.id, one.id]);
    assert.deepEqual(found, new Map([one, temporary].map((file) => [file.id, file])));
    assert.equal(statements.length, 1);
    assert.deepEqual(await files.getMany(WORKSPACE, []), new Map());
  });

  test('some files, of some names or of all, never more than asked for', async () => {
    const { files, write } = await openFileDatabase();
    const twins = Array.from({ length: 30 }, (_, at) => fileOf(at, { name: 'twin.txt', metadata: { at } }));
    const temporary = fileOf('t', { name: 'twin.txt', temporaryUntil: 9 });
    await write((writer) =>
      writer.insertMany([...twins, temporary, fileOf('b'), fileOf('c', { workspaceId: OTHER_WORKSPACE })]),
    );
    const names = async (limit: number, asked?: string[]) =>
      (await files.some(WORKSPACE, limit, asked)).map(({ name }) => name).sort();
    assert.deepEqual(await names(10, ['twin.txt', 'b.txt']), await names(10, ['twin.txt']));
    assert.equal((await names(100, ['twin.txt', 'twin.txt', 'c.txt'])).length, 30);
    assert.deepEqual(await names(100, ['b.txt', 'none']), ['b.txt']);
    assert.deepEqual(await names(100, []), []);
    assert.equal((await names(100)).length, 32);
    const { metadata: _, ...head } = twins[0] as FileRecord;
    assert.deepEqual(
      (await files.some(WORKSPACE, 100)).find(({ id }) => id === head.id),
      head,
    );
  });

  const hashOfOthers = async ({ db }: FileDatabase, { id }: FileRecord): Promise<string> => {
    const rows = await db
      .selectFrom('file')
      .leftJoin('fileMetadata', 'fileMetadata.fileNumber', 'file.number')
      .selectAll()
      .where('file.id', '<>', id)
      .orderBy('file.id')
      .orderBy('path')
      .orderBy('value')
      .execute();
    return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
  };

  test('MET.3: U+0000 in metadata is kept, found and removed', async () => {
    const database = await openFileDatabase();
    const { files, write } = database;
    const file = fileOf(1, { metadata: { a: 'x\0y', 'k\0': '\0' } });
    await write((writer) => writer.insertMany([file, fileOf(2, { metadata: { a: 'x' } })]));
    assert.deepEqual(await files.get(WORKSPACE, file.id), file);
    const property = { of: 'metadata', path: 'a' } as const;
    const filter = { kind: 'compare', property, operator: 'eq', value: 'x\0y' } as const;
    assert.equal(await files.count(searchFor({ filter })), 1);
    assert.deepEqual(await namesFound(database, { filter: "a eq 'x'" }), ['2.txt']);
    await write((writer) => writer.remove([file]));
    assert.equal(await strayRows(database), 0);
  });

  test('TEMPORARY files are apart: by id and when their time comes, but under no name', async () => {
    const database = await openFileDatabase();
    const { files, write } = database;
    const stays = fileOf('stays');
    const temporary = [30, 10, 20].map((until) => fileOf(`until ${until}`, { temporaryUntil: until }));
    await write((writer) => writer.insertMany([stays, ...temporary]));
    assert.deepEqual(await workspaceCounters(database), { fileCount: 1, filesVersion: 1 });
    assert.deepEqual(await namesFound(database, {}), ['stays.txt']);
    assert.equal(await files.count(searchFor({ includeTemporary: true })), 4);
    assert.deepEqual((await files.withNames(WORKSPACE, ['until 10.txt', 'stays.txt'])).size, 1);
    assert.deepEqual(
      (await files.temporaryUntil(20, 10)).map((file) => file.temporaryUntil),
      [10, 20],
    );
    const { metadata: _, ...head } = temporary[1] as FileRecord;
    assert.deepEqual(await files.temporaryUntil(20, 1), [head]);
    assert.equal((await files.some(WORKSPACE, 10)).length, 4);
    assert.equal((await files.some(WORKSPACE, 3)).length, 3);
  });

  test('keys of the metadata with the types of their values', async () => {
    const { files, write } = await openFileDatabase();
    assert.deepEqual(await files.metadataFields(WORKSPACE, 10), new Map());
    await write((writer) =>
      writer.insertMany([
        fileOf(1, { metadata: { a: 1, b: { c: ['x', null] }, '': true } }),
        fileOf(2, { metadata: { a: 'x', é: false, empty: [] } }),
        fileOf(3, { metadata: { hidden: 1 }, temporaryUntil: 9 }),
        fileOf(4, { metadata: { elsewhere: 1 }, workspaceId: OTHER_WORKSPACE }),
      ]),
    );
    assert.deepEqual(
      await files.metadataFields(WORKSPACE, 10),
      new Map([
        ['', ['boolean']],
        ['a', ['number', 'string']],
        ['b.c', ['null', 'string']],
        ['é', ['boolean']],
      ]),
    );
    assert.deepEqual(
      await files.metadataFields(WORKSPACE, 2),
      new Map([
        ['', ['boolean']],
        ['a', ['number', 'string']],
      ]),
    );
    assert.deepEqual([...(await files.metadataFields(WORKSPACE, 1)).keys()], ['']);
  });

  test('a workspace can go when its files are gone, and not before', async () => {
    const { db, files, write } = await openFileDatabase();
    await write((writer) => writer.insertMany([fileOf(1), fileOf(2, { temporaryUntil: 9 })]));
    const removeWorkspace = () => db.deleteFrom('workspace').where('id', '=', WORKSPACE).execute();
    await assert.rejects(removeWorkspace, /foreign key/i);
    await write(async (writer) => writer.remove(await writer.some(WORKSPACE, 10)));
    await removeWorkspace();
    assert.equal(await files.count(searchFor()), 0);
  });
};
