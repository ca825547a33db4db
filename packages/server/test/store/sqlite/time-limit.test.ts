import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import {
  type FileDatabase,
  fileOf,
  searchFor,
  WORKSPACE,
} from '../../../../../testing/store/file-fixture.ts';
import { parseFilter } from '../../../src/domain/odata/parse.ts';
import type { FilePage, FileSearch } from '../../../src/service/ports/files.ts';
import { openSqliteFiles } from '../open-sqlite-files.ts';
import { endlessLoops } from './loops.ts';

const START = 1_700_000_000_000_000;
const FILES = 3000;

let database: FileDatabase;
before(async () => {
  database = await openSqliteFiles();
  const files = Array.from({ length: FILES }, (_, at) =>
    fileOf(at, {
      name: `report-${at}.txt`,
      createdAt: START + at * 1_000_000,
      temporaryUntil: at % 50 === 0 ? START * 2 : null,
      metadata: {
        half: at % 2,
        key: `k${at}`,
        tags: [`t${at % 3}`, 'all'],
        deep: { text: `${'x'.repeat(300)}${at}` },
      },
    }),
  );
  await database.write((writer) => writer.insertMany(files));
});

/** Each kind of leaf, over few files, many files, and none. */
const LEAVES = [
  'half eq 1',
  'half ne 1',
  'half gt 0',
  'half le 1',
  'half in (1,2)',
  'half eq null',
  'half ne null',
  "key eq 'k7'",
  "key in ('k7','k8')",
  "key ge 'k77'",
  "startswith(key,'k')",
  "contains(key,'7')",
  "endswith(key,'7')",
  "tags eq 'all'",
  "tags ne 'all'",
  "contains(tags,'l')",
  "contains(deep/text,'x1')",
  "deep/text gt 'x'",
  'none eq 1',
  "contains(none,'x')",
  "name eq 'report-7.txt'",
  "name ne 'x'",
  "name gt 'a'",
  "name in ('report-7.txt','x')",
  "startswith(name,'rep')",
  "contains(name,'ort')",
  "contains(name,'o')",
  "endswith(name,'txt')",
  'size gt 5',
  'size in (1,2,10)',
  "created_at ge '2023-11-14T22:20:00Z'",
  "created_at lt '2023-11-14T22:30:00Z'",
  "file_id ne 'x'",
  "file_id in ('a','b')",
  "file_id ne '0'",
];
const OTHERS = ["contains(key,'7')", 'half eq 1', "contains(name,'o')"];
const FILTERS = [
  ...LEAVES,
  ...LEAVES.map((leaf) => `not (${leaf})`),
  ...LEAVES.flatMap((leaf, at) => {
    const other = OTHERS[at % OTHERS.length];
    return [`${leaf} and ${other}`, `${leaf} or ${other}`];
  }),
  `not (${LEAVES.slice(0, 6).join(' or ')}) and (${LEAVES.slice(6, 12).join(' or ')})`,
  Array.from({ length: 20 }, (_, at) => `contains(key,'${at}')`).join(' or '),
];
const SEARCHES: FileSearch[] = [
  ...[null, 'report', '7', 'report-77'].flatMap((name) => [
    searchFor({ name }),
    searchFor({ name, includeTemporary: true }),
  ]),
  ...FILTERS.flatMap((filter, at) =>
    searchFor({
      filter: parseFilter(filter),
      name: [null, null, '7', 'report'][at % 4] ?? null,
      includeTemporary: at % 3 === 0,
    }),
  ),
];
const PAGES: FilePage[] = (['created_at', 'name'] as const).flatMap((field) =>
  (['ASC', 'DESC'] as const).flatMap((order): FilePage[] => {
    const sort = { field, order };
    return [
      { sort, limit: 10, offset: 0 },
      { sort, limit: 10, offset: 2000 },
      { sort, limit: 10, after: { value: field === 'name' ? 'report-3' : START + 5_000_000, id: 'x' } },
    ];
  }),
);

test('no loop over files goes on without asking whether there is time left', async () => {
  const endless = new Set<string>();
  const seen = new Set<string>();
  const look = async (work: () => Promise<unknown>): Promise<void> => {
    database.statements.length = 0;
    await work();
    for (const statement of [...database.statements]) {
      if (seen.has(statement.sql)) continue;
      seen.add(statement.sql);
      for (const loop of await endlessLoops(database.db, statement)) endless.add(loop);
    }
  };
  for (const [at, search] of SEARCHES.entries()) {
    await look(() => database.files.count(search));
    // Every kind of page for every kind of filter, a few at a time.
    for (const page of at % 10 === 0 ? PAGES : PAGES.slice(at % 12, (at % 12) + 1)) {
      await look(() => database.files.list(search, page));
    }
  }
  await look(() => database.files.objectKeysAfter(WORKSPACE, '', 1000));
  assert.ok(seen.size > 200, `${seen.size}`);
  assert.deepEqual([...endless].map((text) => text.slice(0, 1500)).slice(0, 5), []);
});

test('fields are found by a few seeks for each path, and time is asked for at each', async () => {
  database.statements.length = 0;
  await database.files.metadataFields(WORKSPACE, 1000);
  assert.match(database.statements.at(-1)?.sql ?? '', /in_time\(field\.path\)/);
});
