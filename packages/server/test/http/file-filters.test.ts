import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type Harness, startHarness } from '../../../../testing/server/harness.ts';

let h: Harness;
const LISTED: [name: string, meta: object][] = [
  ['a', { category: 'news', year: 2024, tags: ['x', 'y'] }],
  ['b', { category: 'News', year: '2024', draft: true }],
  ['c', { category: 'news', year: 2023, tags: ['y'], book: { author: 'A' } }],
  ['d', { name: 'inside', note: '["x","y"]' }],
];

before(async (t) => {
  h = await startHarness(t as unknown as Parameters<typeof startHarness>[0]);
  for (const [name, meta] of LISTED) await h.uploadFile(`${name}.txt`, name, meta);
  await h.uploadFile('t.txt', 't', { fleeting: 1 }, '?write_mode=TEMPORARY');
});

const list = async (query: Record<string, string>) => {
  const { status, body } = await h.ws('GET', `/files?${new URLSearchParams(query)}`);
  assert.equal(status, 200, JSON.stringify(body));
  const names = body.data.map((file: { name: string }) => file.name[0]).join('');
  assert.equal(body.total, names.length);
  return { names, warnings: body.warnings as string[] };
};

test('meta_key and meta_value, as older clients ask', async () => {
  for (const [key, value, names] of [
    ['category', 'news', 'ac'],
    ['category', 'NEWS', ''],
    ['year', '2024', 'ab'],
    ['year', '2023.0', 'c'],
    ['draft', 'true', 'b'],
    ['tags', 'y', 'ac'],
    ['tags', '["y", "x"]', 'a'],
    ['note', '["x","y"]', 'd'],
    ['book.author', 'A', 'c'],
    ['name', 'inside', 'd'],
    ['category', '', ''],
  ] as const) {
    assert.equal((await list({ meta_key: key, meta_value: value })).names, names, `${key} ${value}`);
  }
  for (const [key, names] of [
    ['year', 'abc'],
    ['tags', 'ac'],
    ['draft', 'b'],
    ['book', ''],
    ['nothing', ''],
    ['', 'abcd'],
  ] as const) {
    assert.equal((await list({ meta_key: key })).names, names, `${key} alone`);
  }
  const both = { meta_key: 'category', meta_value: 'news', filter: 'year eq 2023 or year eq 2024' };
  assert.equal((await list(both)).names, 'ac', 'with a filter both hold');
  assert.equal((await list({ ...both, name: 'c' })).names, 'c', 'and with a name');
  assert.equal((await list({ meta_key: 'year', page_number: '1', limit: '3' })).names, 'abc');
  const { status, body } = await h.ws('GET', '/files?meta_value=news');
  assert.deepEqual([status, body.detail[0].loc], [422, ['query', 'meta_value']]);
});

test('a filter on a key, or a type, that no file has says so; others say nothing', async () => {
  const unknown = (key: string, similar?: string) =>
    `No file has a value under the key "${key}".${similar ? ` Did you mean "${similar}"?` : ''}`;
  for (const [filter, warnings] of [
    ["category eq 'news'", []],
    ["name eq 'x' and size gt 5 and created_at gt 2020-01-01", []],
    ['draft eq null', []],
    ["updated_at gt '2026-01-01'", [unknown('updated_at', 'created_at')]],
    ["categry eq 'news' or category eq 'news'", [unknown('categry', 'category')]],
    ["not (categry ne 'x')", [unknown('categry', 'category')]],
    ['meta.year eq 2024', [unknown('meta.year', 'year')]],
    ['book/auther in (1)', [unknown('book.auther', 'book.author')]],
    ["contains(zzz, 'x')", [unknown('zzz')]],
    ['zzz eq null', [unknown('zzz')]],
    ['fleeting eq 1', [unknown('fleeting')]],
    ['category eq 5', ['No file has a number under the key "category", only a text.']],
    [
      "tags eq true or draft eq 'true'",
      [
        'No file has true or false under the key "tags", only a text.',
        'No file has a text under the key "draft", only true or false.',
      ],
    ],
    ["year eq 2024 and year eq '2024'", []],
    [
      Array.from({ length: 20 }, (_, at) => `k${at} eq 1`).join(' or '),
      [0, 1, 2, 3, 4].map((at) => unknown(`k${at}`)),
    ],
  ] as const) {
    assert.deepEqual((await list({ filter })).warnings, warnings, filter);
    assert.deepEqual((await list({ filter })).warnings, warnings, 'asked again');
  }
  assert.deepEqual((await list({})).warnings, []);
  assert.deepEqual((await list({ filter: 'fleeting eq 1', include_temporary: 'true' })).warnings, []);
  assert.deepEqual((await list({ meta_key: 'categry', meta_value: 'news' })).warnings, [
    unknown('categry', 'category'),
  ]);
  assert.deepEqual((await list({ meta_key: 'categry' })).warnings, [unknown('categry', 'category')]);
  assert.deepEqual((await list({ meta_key: 'category', meta_value: '5' })).warnings, []);

  const later = "late eq 'x'";
  assert.deepEqual((await list({ filter: later })).warnings, [unknown('late')]);
  const { file_id } = (await h.uploadFile('l.txt', 'l', { late: 'x' })).body;
  assert.deepEqual(await list({ filter: later }), { names: 'l', warnings: [] });
  await h.ws('DELETE', `/files/${file_id}`);
  assert.deepEqual((await list({ filter: later })).warnings, [unknown('late')]);
});
