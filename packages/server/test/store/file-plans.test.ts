import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { CompiledQuery } from 'kysely';
import { type FileDatabase, fileOf, searchFor, WORKSPACE } from '../../../../testing/store/file-fixture.ts';
import type { FileRecord } from '../../src/domain/file.ts';
import { parseFilter } from '../../src/domain/odata/parse.ts';
import type { FilePage, FileSearch } from '../../src/service/ports/files.ts';
import { openSqliteFiles } from './open-sqlite-files.ts';

const START = 1_700_000_000_000_000;

const timeAt = (second: number): string => new Date(second * 1000).toISOString();

let database: FileDatabase;
before(async () => {
  database = await openSqliteFiles();
  const files = Array.from({ length: 3000 }, (_, at) =>
    fileOf(at, {
      name: `report-${at}.txt`,
      createdAt: START + at * 1_000_000,
      metadata: { half: at % 2, tenth: at % 10, key: `k${at}`, at: timeAt(at) },
    }),
  );
  await database.write((writer) => writer.insertMany(files));
});

/** How the database goes about what `work` asks it, one line for each step of each statement. */
const planOf = async (work: () => Promise<unknown>): Promise<string[]> => {
  const { db, statements } = database;
  statements.length = 0;
  await work();
  const plan: string[] = [];
  for (const { sql, parameters } of [...statements]) {
    const steps = await db.executeQuery<{ detail: string }>(
      CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
    );
    plan.push(...steps.rows.map((step) => step.detail));
  }
  return plan;
};

const byCreation = { field: 'created_at', order: 'ASC' } as const;
const byName = { field: 'name', order: 'DESC' } as const;
const first = { sort: byCreation, limit: 10, offset: 0 } as const;
const deep = { sort: byCreation, limit: 10, after: { value: START + 5, id: 'x' } } as const;
const filtered = (filter: string): FileSearch => searchFor({ filter: parseFilter(filter) });

const WALK = /^SEARCH f USING (COVERING )?INDEX file_created \(shelf=\?/;
const WALK_FROM = /^SEARCH f USING (COVERING )?INDEX file_created \(shelf=\? AND \(created_at,id\)>\(\?,\?\)/;
const BY_NAME = /^SEARCH f USING (COVERING )?INDEX file_name \(shelf=\?\)/;
const EQUAL = /^SEARCH m USING COVERING INDEX file_metadata_value \(shelf=\? AND path=\? AND value=\?\)/;
const EQUAL_FROM =
  /^SEARCH m USING COVERING INDEX file_metadata_value \(shelf=\? AND path=\? AND value=\? AND created_at>\?\)/;
const BETWEEN =
  /^SEARCH m USING COVERING INDEX file_metadata_value \(shelf=\? AND path=\? AND value>\? AND value<\?\)/;
const CHECK = /^SEARCH m (EXISTS )?USING PRIMARY KEY \(file_number=\? AND path=\? AND value=\?\)/;
const TRIGRAM = /^SCAN file_name_trigram VIRTUAL TABLE INDEX \d+:.*M/;

const PAGES: [string, FileSearch, FilePage, RegExp[]][] = [
  ['the first page', searchFor(), first, [WALK]],
  ['a page deep in', searchFor(), deep, [WALK_FROM]],
  ['by name', searchFor(), { ...first, sort: byName }, [BY_NAME]],
  ['with TEMPORARY files', searchFor({ includeTemporary: true }), deep, [WALK_FROM]],
  ['few equal', filtered("key eq 'k7'"), first, [EQUAL]],
  ['many equal', filtered('half eq 1'), deep, [EQUAL, EQUAL_FROM]],
  ['many equal, by name', filtered('half eq 1'), { ...first, sort: byName }, [EQUAL, BY_NAME, CHECK]],
  ['few of many', filtered("half eq 1 and key eq 'k7'"), first, [EQUAL, CHECK]],
  ['many of many', filtered('half eq 1 and tenth eq 1'), deep, [EQUAL, EQUAL_FROM, CHECK]],
  ['a range', filtered("key ge 'k77' and half eq 1"), first, [BETWEEN]],
  ['a prefix', filtered("startswith(key,'k77')"), first, [BETWEEN]],
  ['a range of times', filtered('at ge 1970-01-01T00:40:00Z and at lt 1970-01-02'), first, [BETWEEN]],
  ['a whole number', filtered('tenth eq 9007199254740993'), first, [EQUAL]],
  ['one or the other', filtered("key eq 'k1' or key eq 'k2'"), first, [EQUAL]],
  ['part of a name', searchFor({ name: 'report-777' }), first, [TRIGRAM]],
  ['part of many names', searchFor({ name: 'report' }), deep, [TRIGRAM, WALK_FROM]],
  ['short part of a name', searchFor({ name: '7' }), deep, [WALK_FROM]],
  ['not', filtered('not (half eq 1)'), deep, [WALK_FROM, CHECK]],
  [
    'a time',
    filtered("created_at ge '2023-11-14T22:20:00Z' and created_at lt '2023-11-14T22:30:00Z'"),
    { ...first, sort: byName },
    [/^SEARCH f USING COVERING INDEX file_created \(shelf=\? AND created_at>\? AND created_at<\?\)/],
  ],
  ['a name', filtered("name eq 'report-7.txt'"), first, [/INDEX file_name \(shelf=\? AND name=\?\)/]],
  ['names', filtered("name in ('report-7.txt','x')"), first, [/INDEX file_name \(shelf=\? AND name=\?\)/]],
  ['values', filtered("key in ('k7','k8')"), first, [EQUAL]],
  ['values, to check', filtered("key in ('k7','k8') and half in (1,2)"), first, [EQUAL, CHECK]],
  ['an id', filtered("file_id in ('a','b')"), first, [/INDEX sqlite_autoindex_file_1 \(id=\?\)/]],
];

/** Steps that go through a table that grows with the files; subqueries and lists of parameters may be gone through. */
const scansOf = (plan: readonly string[]): string[] =>
  plan.filter(
    (line) =>
      /^SCAN (f|m|cut|file|file_metadata)\b/.test(line) && !plan.includes(line.replace('SCAN', 'CO-ROUTINE')),
  );

test('every page comes from an index', async () => {
  for (const [name, search, page, steps] of PAGES) {
    const plan = await planOf(() => database.files.list(search, page));
    const shown = `${name}:\n${plan.join('\n')}`;
    for (const step of steps)
      assert.ok(
        plan.some((line) => step.test(line)),
        `${step} ${shown}`,
      );
    assert.deepEqual(scansOf(plan), [], shown);
  }
});

test('a page of a walk is sorted by its index, not by sorting what was found', async () => {
  for (const sort of [byCreation, byName]) {
    const plan = await planOf(() => database.files.list(searchFor(), { ...first, sort }));
    const walk = plan.findIndex((line) => line.startsWith('SEARCH f '));
    assert.doesNotMatch(plan[walk + 1] as string, /TEMP B-TREE/, plan.join('\n'));
  }
  const merged = await planOf(async () => {
    await database.write((files) => files.insertMany([fileOf('t', { temporaryUntil: START })]));
    database.statements.length = 0;
    await database.files.list(searchFor({ includeTemporary: true }), first);
  });
  assert.ok(merged.includes('MERGE (UNION ALL)'), merged.join('\n'));
});

test('totals come from an index, and that of a whole workspace from its row', async () => {
  for (const [name, search] of PAGES) {
    const plan = await planOf(() => database.files.count(search));
    assert.deepEqual(scansOf(plan), [], `${name}:\n${plan.join('\n')}`);
  }
  const plan = await planOf(() => database.files.count(searchFor()));
  assert.deepEqual(
    plan.filter((line) => !line.includes('file_shelf')),
    ['SEARCH workspace USING INDEX sqlite_autoindex_workspace_1 (id=?)'],
  );
});

test('what is read by name, id or time comes from an index, and so do the keys of the metadata', async () => {
  const { files } = database;
  const reads: [() => Promise<unknown>, RegExp][] = [
    [() => files.withNames(WORKSPACE, ['report-1.txt', 'x']), /INDEX file_name \(shelf=\? AND name=\?\)/],
    [() => files.getMany(WORKSPACE, ['x', 'y']), /SEARCH file USING INDEX sqlite_autoindex_file_1 \(id=\?\)/],
    [() => files.some(WORKSPACE, 10, ['x', 'y']), /INDEX file_name \(shelf=\? AND name=\?\)/],
    [() => files.get(WORKSPACE, 'x'), /SEARCH file USING INDEX sqlite_autoindex_file_1 \(id=\?\)/],
    [() => files.some(WORKSPACE, 10), /SEARCH file USING INDEX file_\w+ \(shelf=\?\)/],
    [() => files.temporaryUntil(START, 10), /SEARCH file USING INDEX file_temporary \(temporary_until<\?\)/],
    [
      () => files.metadataFields(WORKSPACE, 10),
      /SEARCH file_metadata USING COVERING INDEX file_metadata_value \(shelf=\? AND path>\?\)/,
    ],
  ];
  for (const [read, step] of reads) {
    const plan = await planOf(read);
    assert.ok(
      plan.some((line) => step.test(line)),
      `${step}\n${plan.join('\n')}`,
    );
    assert.deepEqual(scansOf(plan), [], plan.join('\n'));
  }
});

test('files with old entries come from an index of them alone', async () => {
  const plan = await planOf(() => database.files.hasOldEntries());
  assert.deepEqual(plan, ['SCAN file USING COVERING INDEX file_index_version']);
  const renewal = await planOf(() => database.write(async (writer) => void (await writer.renewEntries(10))));
  assert.deepEqual(
    renewal.filter((line) => line.startsWith('SCAN')),
    ['SCAN file USING COVERING INDEX file_index_version'],
    renewal.join('\n'),
  );
});

test('writes go from index to index', async () => {
  const { files, write } = database;
  const some = [
    ...(
      await files.getMany(
        WORKSPACE,
        (await files.some(WORKSPACE, 3)).map(({ id }) => id),
      )
    ).values(),
  ];
  const [replaced, changed, removed] = some as [FileRecord, FileRecord, FileRecord];
  const plan = await planOf(() =>
    write(async (writer) => {
      await writer.lockWorkspace(WORKSPACE);
      await writer.insertMany([fileOf('new', { metadata: { a: 1 } })]);
      await writer.replace([replaced]);
      await writer.setMetadataMany([{ ...changed, metadata: { a: 2 } }]);
      await writer.remove([removed]);
    }),
  );
  const searches = plan.filter((line) => line.startsWith('SEARCH'));
  assert.deepEqual(scansOf(plan), [], plan.join('\n'));
  for (const step of [
    /^SEARCH file USING COVERING INDEX sqlite_autoindex_file_1 \(id=\?\)/,
    /^SEARCH file USING INTEGER PRIMARY KEY \(rowid=\?\)/,
    /^SEARCH file_metadata USING PRIMARY KEY \(file_number=\?\)/,
  ]) {
    assert.ok(
      searches.some((line) => step.test(line)),
      `${step}\n${plan.join('\n')}`,
    );
  }
});
