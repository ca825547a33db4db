import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { parseFilter } from '../../packages/server/src/domain/odata/parse.ts';
import {
  type FileDatabase,
  fileOf,
  type OpenFileDatabase,
  searchFor,
  WORKSPACE,
} from '../store/file-fixture.ts';

const NAMES = [
  '100% sure.txt',
  '100 sure.txt',
  'a_b.txt',
  'aXb.txt',
  "it's.txt",
  'say "hi" AND "you".txt',
  'a*b?.txt',
  'back\\slash',
  'Report.PDF',
  'report.pdf',
  'größe-😀-x.txt',
  'NEAR(a b).txt',
  '-1 OR 1.txt',
  'x'.repeat(255),
  '日本語の文書.txt',
];

export const fileNameTests = (openFileDatabase: OpenFileDatabase): void => {
  let database: FileDatabase;
  before(async () => {
    database = await openFileDatabase();
    const common = Array.from({ length: 1500 }, (_, at) =>
      fileOf(`common ${at}`, { name: `common-${at}.log` }),
    );
    const named = NAMES.map((name) => fileOf(name, { name }));
    await database.write((files) => files.insertMany([...common, ...named]));
  });

  const PARTS: [string, (name: string) => boolean][] = [
    ['%', (name) => name.includes('%')],
    ['100%', (name) => name.includes('100%')],
    ['_', (name) => name.includes('_')],
    ['a_b', (name) => name.includes('a_b')],
    ["'", (name) => name.includes("'")],
    ["t's.t", (name) => name.includes("t's.t")],
    ['"hi"', (name) => name.includes('"hi"')],
    ['"', (name) => name.includes('"')],
    ['" AND "', (name) => name.includes('" AND "')],
    ['*', (name) => name.includes('*')],
    ['a*b', (name) => name.includes('a*b')],
    ['\\', (name) => name.includes('\\')],
    ['k\\sla', (name) => name.includes('k\\sla')],
    ['report', (name) => name.includes('report')],
    ['REPORT', () => false],
    ['öße-😀', (name) => name.includes('öße-😀')],
    ['😀', (name) => name.includes('😀')],
    ['-😀-', (name) => name.includes('-😀-')],
    ['NEAR(a', (name) => name.includes('NEAR(a')],
    [' OR ', (name) => name.includes(' OR ')],
    ['x'.repeat(255), (name) => name === 'x'.repeat(255)],
    ['x'.repeat(256), () => false],
    ['本語の', (name) => name.includes('本語の')],
    ['語', (name) => name.includes('語')],
    ['sure.txt\0', () => false],
    ['\0', () => false],
  ];

  test('NAM.4: a part of a name is found as it stands, by search and by filter', async () => {
    for (const [part, holds] of PARTS) {
      const expected = NAMES.filter(holds).sort();
      const literal = `'${part.replaceAll("'", "''")}'`;
      const filter = part.includes('\0') ? null : parseFilter(`contains(name,${literal})`);
      for (const search of [searchFor({ name: part }), ...(filter ? [searchFor({ filter })] : [])]) {
        const sort = { field: 'name', order: 'ASC' } as const;
        const found = await database.files.list(search, { sort, limit: 100, offset: 0 });
        assert.deepEqual(found.map((file) => file.name).sort(), expected, part);
        assert.equal(await database.files.count(search), expected.length, part);
      }
    }
  });

  test('parts that many names have, and those of which only the combination is rare', async () => {
    const sort = { field: 'created_at', order: 'ASC' } as const;
    for (const [part, count] of [
      ['common', 1500],
      ['.log', 1500],
      ['common-1', 611],
      ['-123', 11],
      ['common-777.log', 1],
      ['n-1499.log', 1],
      ['nommoc', 0],
    ] as const) {
      assert.equal(await database.files.count(searchFor({ name: part })), count, part);
      const found = await database.files.list(searchFor({ name: part }), { sort, limit: 2000, offset: 0 });
      assert.equal(found.length, count, part);
    }
  });

  test('files by name, exactly, the newest last', async () => {
    const twins = [3, 1, 2].map((at) => fileOf(`twin ${at}`, { name: 'twin', createdAt: at }));
    const temporary = fileOf('twin temporary', { name: 'twin', createdAt: 4, temporaryUntil: 9 });
    await database.write((files) => files.insertMany([...twins, temporary]));
    const asked = ['twin', 'Twin', 'twi', '100% sure.txt', 'a_b.txt', 'absent', "it's.txt", 'a\0'];
    const found = await database.files.withNames(WORKSPACE, asked);
    assert.deepEqual([...found.keys()].sort(), ['100% sure.txt', 'a_b.txt', "it's.txt", 'twin']);
    assert.deepEqual(
      found.get('twin')?.map((file) => file.createdAt),
      [1, 2, 3],
    );
    assert.deepEqual(await database.files.withNames(WORKSPACE, []), new Map());
    const many = Array.from({ length: 1500 }, (_, at) => `common-${at}.log`);
    assert.equal((await database.files.withNames(WORKSPACE, many)).size, 1500);
  });
};
