import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FileRecord, Metadata } from '../../packages/server/src/domain/file.ts';
import { numberOf } from '../../packages/server/src/domain/json/numbers.ts';
import { timeOf } from '../../packages/server/src/domain/metadata/metadata-index.ts';
import type {
  Comparison,
  Filter,
  Leaf,
  Property,
  TextFunction,
} from '../../packages/server/src/domain/odata/filter.ts';
import { metaPairFilter } from '../../packages/server/src/domain/odata/meta-pair.ts';
import type { Time } from '../../packages/server/src/domain/time.ts';
import { uuidOf } from '../../packages/server/src/domain/uuid.ts';
import {
  fileOf,
  type OpenFileDatabase,
  OTHER_WORKSPACE,
  searchFor,
  WORKSPACE,
} from '../store/file-fixture.ts';
import { matches } from './plain-filter.ts';

// Few keys and values, so that filters often hit; long texts differ behind the place where the index cuts them.
const KEYS = ['a', 'b', 'b.c', '__proto__', `long ${'k'.repeat(300)}`] as const;
const LONG = `${'x'.repeat(251)}äöü${'y'.repeat(300)}`;
const text = fc.constantFrom(
  '',
  's',
  'x',
  'a',
  'ab',
  'b%',
  'b_',
  "it's",
  '\0',
  '\x01',
  '\x02\x03',
  '\x04',
  'a\x01\0b',
  '\0'.repeat(200),
  '\x02'.repeat(300),
  'a\0b',
  '\u{10ffff}',
  '\ud7ff',
  'é',
  LONG,
  `${LONG}1`,
  `${LONG}2`,
  LONG.slice(0, 252),
  LONG.slice(0, 255),
  `${'x'.repeat(254)}\u{1f600}`,
  `${'x'.repeat(254)}é`,
);
const number = fc.constantFrom(
  ...[
    '-1e300',
    '-9007199254740993',
    '-2',
    '-1.5',
    '-0.0',
    '0',
    '1',
    '1.0',
    '1.5',
    '2',
    '10',
    '5e-324',
    '1e300',
  ].map(numberOf),
  ...['9007199254740992', '9007199254740993', '1546130668394913822', '1546130668394913821'].map(numberOf),
);
const timeText = fc.constantFrom(
  '2026-01-02T03:04:05Z',
  '2026-01-02T03:04:05.000Z',
  '2026-01-02T04:04:05+01:00',
  '2026-01-01T23:04:05.0000001-04:00',
  '2026-01-02',
  '2026-01-02T00:00:00Z',
  '0000-01-01T00:00:00+23:59',
  '9999-12-31T23:59:59.999-23:59',
);
const time = timeText.map((written) => timeOf(written) as Time);
const scalar = fc.oneof(text, number, timeText, fc.boolean(), fc.constant(null));
const literal = fc.oneof(scalar, time);

const value = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 2, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.record({ c: scalar }) },
  { weight: 1, arbitrary: fc.array(fc.record({ c: scalar }), { maxLength: 2 }) },
);
const metadata: fc.Arbitrary<Metadata> = fc
  .array(fc.tuple(fc.constantFrom(...KEYS), value), { maxLength: 4 })
  .map((entries) => Object.fromEntries(entries));

const names = ['report-1.txt', 'report-2.txt', 'Report', 'a%b', 'a_b', 'ab', 'x'];
const sizes = [1, 2, 300];
const times = [1_700_000_000_000_000, 1_700_000_000_000_001];
const files = fc
  .array(
    fc.record({
      name: fc.constantFrom(...names),
      size: fc.constantFrom(...sizes),
      createdAt: fc.constantFrom(...times),
      metadata,
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((all) => all.map((given, at) => fileOf(at, given)));

const inMetadata = fc.constantFrom(...KEYS).map((path): Property => ({ of: 'metadata', path }));
const equality = fc.constantFrom<Comparison>('eq', 'ne');
const ordering = fc.constantFrom<Comparison>('gt', 'ge', 'lt', 'le');
const anyComparison = fc.oneof(equality, ordering);
const textFunction = fc.constantFrom<TextFunction>('contains', 'startswith', 'endswith');
const kind = <K extends string>(name: K) => fc.constant(name);

const metadataLeaf: fc.Arbitrary<Leaf> = fc.oneof(
  fc.record({ kind: kind('compare'), property: inMetadata, operator: equality, value: literal }),
  fc.record({
    kind: kind('compare'),
    property: inMetadata,
    operator: ordering,
    value: fc.oneof(text, number, timeText, time),
  }),
  fc.record({
    kind: kind('in'),
    property: inMetadata,
    values: fc.array(literal, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: kind('text'), property: inMetadata, function: textFunction, value: text }),
);
const own = <F extends 'name' | 'size' | 'created_at' | 'file_id'>(field: F) =>
  fc.constant<Property>({ of: 'file', field });
const compareOwn = (
  field: 'name' | 'size' | 'created_at' | 'file_id',
  operator: fc.Arbitrary<Comparison>,
  values: (string | number)[],
): fc.Arbitrary<Leaf> =>
  fc.oneof(
    fc.record({
      kind: kind('compare'),
      property: own(field),
      operator,
      value: fc.constantFrom(...values),
    }),
    fc.record({
      kind: kind('in'),
      property: own(field),
      values: fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: 3 }),
    }),
  );
const nameParts = [...names, '', 'rep', 'port', '%', '_', 'txt', '\0', '\u{10ffff}'];
const ownLeaf: fc.Arbitrary<Leaf> = fc.oneof(
  compareOwn('name', anyComparison, nameParts),
  compareOwn('size', anyComparison, [...sizes, 1.5]),
  compareOwn('created_at', anyComparison, times),
  compareOwn('file_id', equality, [fileOf(0).id, fileOf(1).id, 'no id']),
  fc.record({
    kind: kind('text'),
    property: own('name'),
    function: textFunction,
    value: fc.constantFrom(...nameParts),
  }),
);

const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    metadataLeaf,
    ownLeaf,
    fc.record({ kind: kind('not'), of: tie('filter') }),
    fc.record({
      kind: fc.constantFrom('and', 'or'),
      of: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }),
    }),
  ),
}));

export const fileFilterTests = (openFileDatabase: OpenFileDatabase): void => {
  test('the database finds what a plain look at every file finds', async () => {
    const database = await openFileDatabase();
    const ids = (found: readonly FileRecord[]) => found.map((file) => file.id).sort();
    await fc.assert(
      fc.asyncProperty(
        files,
        fc.array(filter, { minLength: 5, maxLength: 10 }),
        fc.constantFrom(null, ...nameParts),
        fc.constantFrom('created_at' as const, 'name' as const),
        async (all, filters, name, field) => {
          await database.write(async (writer) => {
            await writer.remove(await writer.some(WORKSPACE, 100));
            await writer.insertMany(all);
          });
          for (const each of filters) {
            const search = searchFor({ name, filter: each });
            const expected = all.filter(
              (file) => (name === null || file.name.includes(name)) && matches(file, each),
            );
            const sort = { field, order: 'ASC' } as const;
            const found = await database.files.list(search, { sort, limit: 100, offset: 0 });
            assert.deepEqual(ids(found), ids(expected), JSON.stringify(each));
            assert.equal(await database.files.count(search), expected.length, JSON.stringify(each));
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('meta_key and meta_value find the text, what it may be written for, and any value where it is absent', async () => {
    const database = await openFileDatabase();
    const metadata: Metadata[] = [
      { a: 'x' },
      { a: ['x', 'y', null] },
      { a: 2024, b: { c: '2024' } },
      { a: '2024' },
      { a: true },
      { a: null },
      { a: [] },
      { b: 'x' },
      { a: -1e300 },
      { a: { c: 'x' } },
    ];
    const all = metadata.map((one, at) => fileOf(at, { metadata: one, createdAt: at }));
    await database.write((writer) => writer.insertMany(all));
    const found = async (key: string, asked?: string) => {
      const search = searchFor({ filter: metaPairFilter(key, asked) });
      const sort = { field: 'created_at', order: 'ASC' } as const;
      const rows = await database.files.list(search, { sort, limit: 100, offset: 0 });
      return rows.map(({ createdAt }) => createdAt);
    };
    assert.deepEqual(await found('a', 'x'), [0, 1]);
    assert.deepEqual(await found('a', '["y","x"]'), [1]);
    assert.deepEqual(await found('a', '2024'), [2, 3]);
    assert.deepEqual(await found('a', 'true'), [4]);
    assert.deepEqual(await found('a', 'null'), []);
    assert.deepEqual(await found('a'), [0, 1, 2, 3, 4, 8]);
    assert.deepEqual(await found('b.c', '2024'), [2]);
    assert.deepEqual(await found('b.c'), [2]);
  });

  test('types of the values under some keys', async () => {
    const database = await openFileDatabase();
    const long = `long ${'k'.repeat(1000)}`;
    const gone = fileOf('gone', { metadata: { gone: 1 } });
    await database.write(async (writer) => {
      await writer.insertMany([
        fileOf(1, { metadata: { a: [1, 'x', null], b: { c: true }, '\x01\0': 'x' } }),
        fileOf(2, { metadata: { a: 2, [long]: 'x', empty: [] } }),
        fileOf(3, { metadata: { late: 1 }, temporaryUntil: 5 }),
        fileOf(4, { metadata: { elsewhere: 1 }, workspaceId: OTHER_WORKSPACE }),
        gone,
      ]);
      await writer.remove([gone]);
    });
    const keys = ['a', 'b', 'b.c', '\x01\0', long, `${long}k`, 'empty', 'late', 'elsewhere', 'gone', 'never'];
    const where = { workspaceId: WORKSPACE, includeTemporary: false };
    const there = new Map(Object.entries({ a: 'nsz', 'b.c': 'b', '\x01\0': 's', [long]: 's' }));
    const letters = async (includeTemporary: boolean) => {
      const found = await database.files.metadataTypes({ ...where, includeTemporary }, keys);
      return new Map([...found].map(([key, types]) => [key, [...types].sort().join('')]));
    };
    assert.deepEqual(await letters(false), there);
    assert.deepEqual(await letters(true), new Map([...there, ['late', 'n']]));
    assert.deepEqual(await database.files.metadataTypes(where, []), new Map());
    const nowhere = { workspaceId: uuidOf('nowhere'), includeTemporary: true };
    assert.deepEqual(await database.files.metadataTypes(nowhere, keys), new Map());
  });
};
