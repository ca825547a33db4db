import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { FILE_SORT_FIELDS, ORDERS } from '@sluice/contract';
import type { FileRecord } from '../../packages/server/src/domain/file.ts';
import { FILTER_LIMITS, parseFilter } from '../../packages/server/src/domain/odata/parse.ts';
import { uuidOf } from '../../packages/server/src/domain/uuid.ts';
import type { FileSearch, FileSort } from '../../packages/server/src/service/ports/files.ts';
import {
  type FileDatabase,
  fileOf,
  type OpenFileDatabase,
  OTHER_WORKSPACE,
  searchFor,
  WORKSPACE,
} from '../store/file-fixture.ts';
import { compareText, matches } from './plain-filter.ts';

const START = 1_700_000_000_000_000;
const SORTS: FileSort[] = FILE_SORT_FIELDS.flatMap((field) => ORDERS.map((order) => ({ field, order })));

// More files than a source may have to be gone through whole, so that every way to a page is taken. Times and names
// repeat, and every seventh file is TEMPORARY.
const ALL = Array.from({ length: 4000 }, (_, at) =>
  fileOf(at, {
    name: `${['annual', 'budget', 'contract'][at % 3]}-${at % 1300}.txt`,
    createdAt: START + (at % 1700) * 1_000_000,
    size: at % 10,
    metadata: {
      half: at % 2 === 0,
      tenth: at % 10,
      rare: at % 1000 === 7 ? 'yes' : 'no',
      tags: [`t${at % 4}`, `t${at % 5}`],
      title: `title ${at % 2000}`,
    },
    temporaryUntil: at % 7 === 0 ? START : null,
  }),
);
const ELSEWHERE = [0, 1, 2].map((at) =>
  fileOf(`other ${at}`, {
    workspaceId: OTHER_WORKSPACE,
    name: 'annual-7.txt',
    metadata: { rare: 'yes', tenth: 1 },
  }),
);

const FILTERS = [
  'tenth eq 3',
  'tenth eq 3 and half eq false',
  'tenth eq 3 and half eq true',
  "rare eq 'yes'",
  "rare eq 'yes' or tenth eq 4",
  "rare ne 'no' and size lt 8",
  'not (tenth eq 3)',
  'tenth ne 3',
  'tenth in (1,2,3)',
  'tenth gt 7',
  'tenth ge 1 and tenth lt 9 and size ge 2',
  "tags eq 't0'",
  "tags in ('t0','t4')",
  "startswith(title,'title 1')",
  "contains(title,'99')",
  "endswith(title,'7') and tenth eq 7",
  'none eq null and tenth eq 3',
  'none ne null',
  `created_at ge '2023-11-14T22:30:00Z' and created_at lt '2023-11-14T22:40:00Z'`,
  `created_at eq '2023-11-14T22:30:00Z'`,
  "name eq 'budget-1.txt'",
  "name in ('budget-1.txt','annual-0.txt')",
  "startswith(name,'bud')",
  "startswith(name,'budget-10')",
  "contains(name,'contract') and half eq true",
  'size eq 3 and (half eq true or tenth lt 4)',
  `file_id eq '${uuidOf('file 8')}'`,
  `file_id in ('${uuidOf('file 8')}','${uuidOf('file 9')}') and half eq true`,
];

const SEARCHES: FileSearch[] = [null, ...FILTERS].flatMap((filter) =>
  [null, 'budget', '-12', 't-7.txt', '7'].flatMap((name) =>
    [false, true].map((includeTemporary) =>
      searchFor({ name, filter: filter === null ? null : parseFilter(filter), includeTemporary }),
    ),
  ),
);

const expectedOf = (search: FileSearch, { field, order }: FileSort): string[] => {
  const found = ALL.filter(
    (file) =>
      (search.includeTemporary || file.temporaryUntil === null) &&
      (search.name === null || file.name.includes(search.name)) &&
      (search.filter === null || matches(file, search.filter)),
  );
  const compare = (a: FileRecord, b: FileRecord) =>
    (field === 'name' ? compareText(a.name, b.name) : a.createdAt - b.createdAt) || compareText(a.id, b.id);
  return found.sort((a, b) => (order === 'ASC' ? compare(a, b) : compare(b, a))).map((file) => file.id);
};

const idsOf = (files: readonly FileRecord[]) => files.map((file) => file.id);
const sortValue = (file: FileRecord, { field }: FileSort) => (field === 'name' ? file.name : file.createdAt);

export const fileListTests = (openFileDatabase: OpenFileDatabase): void => {
  let database: FileDatabase;
  before(async () => {
    database = await openFileDatabase();
    await database.write((files) => files.insertMany([...ALL, ...ELSEWHERE]));
  });

  test('pages have the files that match, in order, whichever way the database goes', async () => {
    const { files } = database;
    for (const [at, search] of SEARCHES.entries()) {
      const sort = SORTS[at % SORTS.length] as FileSort;
      const all = expectedOf(search, sort);
      const about = JSON.stringify({ search, sort });
      assert.equal(await files.count(search), all.length, about);
      assert.deepEqual(
        idsOf(await files.list(search, { sort, limit: 10, offset: 0 })),
        all.slice(0, 10),
        about,
      );
      const offset = all.length >> 1;
      const byNumber = await files.list(search, { sort, limit: 10, offset });
      assert.deepEqual(idsOf(byNumber), all.slice(offset, offset + 10), about);
      const last = byNumber.at(-1);
      if (!last) continue;
      const after = { value: sortValue(last, sort), id: last.id };
      const next = await files.list(search, { sort, limit: 10, after });
      assert.deepEqual(idsOf(next), all.slice(offset + 10, offset + 20), about);
    }
  });

  test('a walk by cursor meets every file once, though many have one time or name', async () => {
    const filters = [null, 'tenth eq 3', "tags eq 't0'", "startswith(name,'budget-1')"];
    for (const sort of SORTS) {
      for (const filter of filters) {
        for (const includeTemporary of [false, true]) {
          const search = searchFor({
            filter: filter === null ? null : parseFilter(filter),
            includeTemporary,
          });
          const walked: string[] = [];
          for (let last: FileRecord | undefined; ; ) {
            const page = await database.files.list(search, {
              sort,
              limit: 97,
              ...(last ? { after: { value: sortValue(last, sort), id: last.id } } : { offset: 0 }),
            });
            walked.push(...idsOf(page));
            last = page.at(-1);
            if (page.length < 97) break;
          }
          assert.deepEqual(
            walked,
            expectedOf(search, sort),
            JSON.stringify({ sort, filter, includeTemporary }),
          );
        }
      }
    }
  });

  test('a cursor holds its place, even if its file is gone', async () => {
    const sort = { field: 'created_at', order: 'ASC' } as const;
    const all = expectedOf(searchFor(), sort);
    const value = ALL.find((file) => file.id === all[1])?.createdAt as number;
    const between = { value, id: `${(all[1] as string).slice(0, -1)}~` };
    const found = await database.files.list(searchFor(), { sort, limit: 2, after: between });
    assert.deepEqual(idsOf(found), all.slice(2, 4));
  });

  test('another workspace sees its own files only', async () => {
    const sort = { field: 'name', order: 'ASC' } as const;
    for (const [filter, name] of [
      ["rare eq 'yes'", null],
      ['tenth eq 1', 'annual'],
      ["name eq 'annual-7.txt'", null],
      [null, 'annual-7'],
      [null, null],
    ] as const) {
      const search = searchFor({
        workspaceId: OTHER_WORKSPACE,
        name,
        filter: filter === null ? null : parseFilter(filter),
      });
      const found = await database.files.list(search, { sort, limit: 10, offset: 0 });
      assert.deepEqual(idsOf(found), idsOf(ELSEWHERE).sort());
      assert.equal(await database.files.count(search), 3);
    }
    const id = (ELSEWHERE[0] as FileRecord).id;
    assert.equal(await database.files.get(WORKSPACE, id), undefined);
    assert.deepEqual(await database.files.get(OTHER_WORKSPACE, id), ELSEWHERE[0]);
    const none = searchFor({ workspaceId: uuidOf('no workspace'), name: 'x' });
    assert.deepEqual(await database.files.list(none, { sort, limit: 10, offset: 0 }), []);
    assert.equal(await database.files.count(none), 0);
  });

  test('MET.4: the largest filters are answered', async () => {
    const most = (
      part: (at: number) => string,
      separator: string,
      count: number = FILTER_LIMITS.comparisons,
    ) => Array.from({ length: count }, (_, at) => part(at)).join(separator);
    const { textFunctions } = FILTER_LIMITS;
    const filters = [
      most((at) => `tenth eq ${at}`, ' or '),
      most((at) => `tenth ne ${at + 5}`, ' and '),
      most((at) => (at % 2 === 0 ? `tenth eq ${at % 12}` : `not size ge ${at % 5}`), ' or '),
      most((at) => `contains(title,'e ${at}')`, ' or ', textFunctions),
      most((at) => `not contains(name,'-9${at}')`, ' and ', textFunctions),
      `tenth in (${Array.from({ length: 1000 }, (_, at) => at + 5).join(',')})`,
      `name in (${Array.from({ length: 700 }, (_, at) => `'${at}.txt'`).join(',')},'budget-1.txt')`,
      `${'not ('.repeat(25)}tenth eq 1${')'.repeat(25)}`,
    ].map(parseFilter);
    for (const [at, filter] of filters.entries()) {
      const search = searchFor({ filter });
      const sort = SORTS[at % SORTS.length] as FileSort;
      const all = expectedOf(search, sort);
      const found = await database.files.list(search, { sort, limit: 10, offset: 0 });
      assert.deepEqual(idsOf(found), all.slice(0, 10));
      assert.equal(await database.files.count(search), all.length);
    }
  });
};
