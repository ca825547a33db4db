import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DomainError } from '../../../src/domain/errors.ts';
import { parseInstant } from '../../../src/domain/instant.ts';
import { numberOf } from '../../../src/domain/json/numbers.ts';
import type { Comparison, Filter, Property, Sought, TextFunction } from '../../../src/domain/odata/filter.ts';
import { FILTER_LIMITS, parseFilter } from '../../../src/domain/odata/parse.ts';

const metadata = (path: string): Property => ({ of: 'metadata', path });
const own = (field: 'created_at' | 'name' | 'size' | 'file_id'): Property => ({ of: 'file', field });
const compare = (property: Property, operator: Comparison, value: Sought): Filter => ({
  kind: 'compare',
  property,
  operator,
  value,
});
const eq = (path: string, value: Sought) => compare(metadata(path), 'eq', value);
const text = (property: Property, name: TextFunction, value: string): Filter => ({
  kind: 'text',
  property,
  function: name,
  value,
});
const not = (of: Filter): Filter => ({ kind: 'not', of });
const and = (...of: Filter[]): Filter => ({ kind: 'and', of });
const or = (...of: Filter[]): Filter => ({ kind: 'or', of });
const [a, b, c, d] = [eq('a', 1), eq('b', 2), eq('c', 3), eq('d', 4)] as const;

const READ: [string, Filter][] = [
  // Literals
  [`category eq 'news'`, eq('category', 'news')],
  [`category eq "news"`, eq('category', 'news')],
  [`  find \t eq\n'me' `, eq('find', 'me')],
  [`a eq'x'`, eq('a', 'x')],
  [`a eq 'it''s'`, eq('a', "it's")],
  [`a eq "say ""hi"""`, eq('a', 'say "hi"')],
  [`a eq "it's"`, eq('a', "it's")],
  [`a eq ''`, eq('a', '')],
  [`a eq ''''`, eq('a', "'")],
  [`a eq '(x) and y eq 1, ü 😀'`, eq('a', '(x) and y eq 1, ü 😀')],
  ['a eq 1', eq('a', 1)],
  ['a eq -1.5e3', eq('a', numberOf('-1.5e3'))],
  ['a eq +2', eq('a', 2)],
  ['a eq -0', eq('a', numberOf('-0'))],
  ['a eq 007', eq('a', 7)],
  ['a eq 000', eq('a', 0)],
  ['a eq +1.50E3', eq('a', numberOf('1.50E3'))],
  ['a eq 9007199254740993', eq('a', numberOf('9007199254740993'))],
  [`a eq -${'0'.repeat(50)}${'9'.repeat(39)}`, eq('a', numberOf(`-${'9'.repeat(39)}`))],
  ['size eq 1.0', compare(own('size'), 'eq', 1)],
  ['a eq true', eq('a', true)],
  ['a eq FALSE', eq('a', false)],
  ['a eq null', eq('a', null)],
  [`a eq 'true'`, eq('a', 'true')],
  ['at ge 1970-01-03', compare(metadata('at'), 'ge', { seconds: 172_800, fraction: '' })],
  ["at ge '1970-01-03'", compare(metadata('at'), 'ge', '1970-01-03')],
  ['at lt 1970-01-01T02:00:00.50+02:00', compare(metadata('at'), 'lt', { seconds: 0, fraction: '5' })],
  ["at lt '1970-01-01T02:00:00.50+02:00'", compare(metadata('at'), 'lt', '1970-01-01T02:00:00.50+02:00')],
  [
    "at in (1970-01-02, 'x', 1)",
    { kind: 'in', property: metadata('at'), values: [{ seconds: 86_400, fraction: '' }, 'x', 1] },
  ],
  ['name eq 2024-01-31', compare(own('name'), 'eq', '2024-01-31')],
  // Operators
  ['a ne 1', compare(metadata('a'), 'ne', 1)],
  ['a gt 1', compare(metadata('a'), 'gt', 1)],
  ['a ge 1', compare(metadata('a'), 'ge', 1)],
  ['a lt 1', compare(metadata('a'), 'lt', 1)],
  ['a le 1', compare(metadata('a'), 'le', 1)],
  ['a Eq 1 AND b EQ 2', and(a, b)],
  [`a in (1, 'x',null)`, { kind: 'in', property: metadata('a'), values: [1, 'x', null] }],
  [`a in('x')`, { kind: 'in', property: metadata('a'), values: ['x'] }],
  [`contains(a,'x')`, text(metadata('a'), 'contains', 'x')],
  [`startswith ( a.b , "x" )`, text(metadata('a.b'), 'startswith', 'x')],
  [`EndsWith(name,'.pdf')`, text(own('name'), 'endswith', '.pdf')],
  // Paths
  ['a.b.c eq 1', eq('a.b.c', 1)],
  ['a/b eq 1', eq('a.b', 1)],
  ['_a-b:c$1 eq 1', eq('_a-b:c$1', 1)],
  ['größe eq 1', eq('größe', 1)],
  ['2024 eq 1', eq('2024', 1)],
  ['contains eq 1', eq('contains', 1)],
  ['null eq 1 and in eq 2', and(eq('null', 1), eq('in', 2))],
  ['__proto__ eq 1', eq('__proto__', 1)],
  // Own fields
  ['size ge 1024', compare(own('size'), 'ge', 1024)],
  [`name eq 'a.txt'`, compare(own('name'), 'eq', 'a.txt')],
  [`name eq 'A\u0308.txt'`, compare(own('name'), 'eq', 'Ä.txt')],
  [`contains(name,'a\u0308')`, text(own('name'), 'contains', 'ä')],
  [`Name eq 'a.txt'`, eq('Name', 'a.txt')],
  [
    `file_id eq '0190B8C0-0000-7000-8000-000000000000'`,
    compare(own('file_id'), 'eq', '0190b8c0-0000-7000-8000-000000000000'),
  ],
  [
    `created_at eq '2022-06-21T16:40:00.634653+00:00' `,
    compare(own('created_at'), 'eq', parseInstant('2022-06-21T16:40:00.634653Z') as number),
  ],
  [
    'created_at lt 2022-06-21T18:40:00+02:00',
    compare(own('created_at'), 'lt', parseInstant('2022-06-21T16:40:00Z') as number),
  ],
  // Precedence
  ['a eq 1 and b eq 2 and c eq 3', and(a, b, c)],
  ['a eq 1 or b eq 2 and c eq 3', or(a, and(b, c))],
  ['a eq 1 and b eq 2 or c eq 3 and d eq 4', or(and(a, b), and(c, d))],
  ['(a eq 1 or b eq 2) and c eq 3', and(or(a, b), c)],
  ['not a eq 1 and b eq 2', and(not(a), b)],
  ['not (a eq 1 and b eq 2)', not(and(a, b))],
  ['not not a eq 1', not(not(a))],
  ['not(a eq 1)', not(a)],
  ['((a eq 1))', a],
];

test('filters are read', () => {
  for (const [filter, expected] of READ) assert.deepEqual(parseFilter(filter), expected, filter);
});

const REFUSED: [string, RegExp][] = [
  ['', /offset 0, expected a key .*found the end/],
  ['   ', /offset 3, expected a key .*found the end/],
  ['a', /offset 1, expected eq, ne, gt, ge, lt, le or in, found the end/],
  ['a eq', /offset 4, expected a quoted text, a number.* found the end/],
  ['a = 1', /offset 2, expected eq, ne.* found "="/],
  ['a eq news', /offset 5, expected a quoted text.* found "news"/],
  ['a eq 1x', /offset 5, expected a quoted text/],
  ['a eq 1.', /offset 5, expected a quoted text/],
  ['a eq 1e999', /offset 5, expected a quoted text/],
  ['a eq NaN', /offset 5, expected a quoted text/],
  [`a eq ${'1'.repeat(41)}`, /offset 5, expected .* a number of at most 40 characters/],
  ['a ge 2027-02-30', /offset 5, expected/],
  ['a ge 2027-02-30T00:00:00Z', /offset 5, expected/],
  ['a ge 2027-02-28T00:00:00', /offset 5, expected a date, a time with seconds and zone .* or a quoted text/],
  ['a in (1,2027-02-28T00:00+01:00)', /offset 8, expected a date, a time with seconds and zone/],
  ["a eq 'x", /the quote opened at offset 5 is not closed/],
  ["a eq 'x''", /the quote opened at offset 5 is not closed/],
  ["'a' eq 1", /offset 0, expected a key .*found the text "a"/],
  ['a eq 1 b eq 2', /offset 7, expected "and", "or" or the end, found "b"/],
  ['a eq 1)', /offset 6, expected "and", "or" or the end, found "\)"/],
  ['(a eq 1', /offset 7, expected "and", "or" or "\)", found the end/],
  ['a eq 1 and', /offset 10, expected a key/],
  ['and a eq 1', /offset 4, expected eq/],
  ['a eq (1)', /offset 5, expected a quoted text/],
  ['a in 1', /offset 5, expected "\(" and a list/],
  ['a in ()', /offset 6, expected a quoted text/],
  ['a in (1,)', /offset 8, expected a quoted text/],
  ['a in (1 2)', /offset 8, expected "," or "\)"/],
  ['contains(a)', /offset 10, expected ","/],
  ['contains(a,1)', /offset 11, expected a quoted text/],
  ["contains('a','b')", /offset 9, expected a key/],
  ["length(a,'b')", /offset 6, expected eq/],
  ['a..b eq 1', /offset 0, expected a key without empty parts/],
  ['/a eq 1', /offset 0, expected a key without empty parts/],
  ['a gt null', /offset 5, expected a number or a text/],
  ['a le true', /offset 5, expected a number or a text/],
  ["size eq 'x'", /offset 8, expected a number for size/],
  ['size eq null', /expected a number for size/],
  ["size in (1,'x')", /offset 11, expected a number for size/],
  ['name eq 1', /expected a quoted text for name/],
  ["created_at eq 'yesterday'", /offset 14, expected a time in ISO 8601 for created_at/],
  ["created_at eq '2022-02-31T25:00:00Z'", /expected a time in ISO 8601/],
  ["created_at eq '2027-02-30T00:00:00Z'", /expected a time in ISO 8601/],
  ['created_at ge 2027-02-30T00:00:00Z', /offset 14, expected .* a time.*, found "2027-02-30T00:00:00Z"/],
  ['created_at ge 2027-02-28T24:00:00Z', /offset 14, expected .* a time/],
  ['created_at in (2027-02-28, 2027-02-29)', /offset 27, expected .* a time/],
  ['published ge 2027-02-30T00:00:00Z', /offset 13, expected .* a time/],
  ['created_at gt 1655829600', /expected a time in ISO 8601/],
  ["file_id gt 'x'", /expected eq, ne or in for file_id/],
  ['file_id eq 1', /expected a quoted id/],
  ["contains(size,'1')", /offset 9, expected a property that is text/],
  ["startswith(created_at,'2022')", /offset 11, expected a property that is text/],
  ["a eq 'x\0'", /U\+0000 at offset 7/],
];

const problemOf = (filter: string): DomainError => {
  try {
    parseFilter(filter);
  } catch (error) {
    assert.ok(error instanceof DomainError, String(error));
    return error;
  }
  assert.fail(`${filter.slice(0, 100)} was read`);
};

test('MET.4: what is no filter is invalid, with the place and what was expected there', () => {
  for (const [filter, message] of REFUSED) {
    const problem = problemOf(filter);
    assert.match(problem.message, message, filter);
    assert.deepEqual(
      [problem.code, problem.location, problem.input],
      ['INVALID', ['query', 'filter'], filter],
    );
  }
});

test('MET.4: a filter has bounds, and reaching them is fine', () => {
  const nested = (depth: number) => `${'('.repeat(depth)}a eq 1${')'.repeat(depth)}`;
  const negated = (depth: number) => `${'not '.repeat(depth)}a eq 1`;
  const listed = (values: number) => `a in (${Array(values).fill('1').join(',')})`;
  const searched = (functions: number) => Array(functions).fill("contains(a, 'x')").join(' or ');
  const compared = (comparisons: number) => Array(comparisons).fill('a eq 1').join(' or ');
  const long = (bytes: number) => `a eq '${'ü'.repeat((bytes - 8) / 2)}x'`;
  const bounds: [(size: number) => string, number, RegExp][] = [
    [nested, FILTER_LIMITS.depth, /offset 51, it is nested deeper than 50 levels/],
    [negated, FILTER_LIMITS.depth, /offset 204, it is nested deeper than 50 levels/],
    [listed, FILTER_LIMITS.listValues, /the list has more than 1000 values/],
    [compared, FILTER_LIMITS.comparisons, /it has more than 200 comparisons/],
    [searched, FILTER_LIMITS.textFunctions, /it has more than 20 text functions/],
    [long, FILTER_LIMITS.bytes, /it is longer than 10000 bytes/],
  ];
  for (const [filter, most, message] of bounds) {
    assert.ok(parseFilter(filter(most)), `${most} levels, values, comparisons or bytes`);
    assert.match(problemOf(filter(filter === long ? most + 2 : most + 1)).message, message);
  }
  assert.match(problemOf(nested(100)).message, /nested deeper/);
});

test('MET.4: whatever is sent is read or invalid', () => {
  const pieces = [
    'a',
    'eq',
    'and',
    'or',
    'not',
    'in',
    '(',
    ')',
    ',',
    "'x'",
    '"',
    "'",
    '1',
    'size',
    'contains',
  ];
  const almost = fc
    .array(fc.constantFrom(...pieces, ' ', "' or 1=1 --", '(a+)+$', '%00'), { maxLength: 40 })
    .map((some) => some.join(' '));
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary-ascii' }), almost), (filter) => {
      try {
        parseFilter(filter);
      } catch (error) {
        assert.equal(error instanceof DomainError && error.code, 'INVALID');
      }
    }),
  );
});

test('a filter that is written out is read back as it was', () => {
  const path = fc.constantFrom('a', 'b.c', 'é', 'not_', 'x-1');
  const value = fc.oneof(
    fc.string().filter((each) => !each.includes('\0')),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0), // no -0
    fc.boolean(),
  );
  const leaf = fc.tuple(path, value).map(([key, literal]) => eq(key, literal));
  const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 5, depthSize: 'small' },
      leaf,
      tie('filter').map(not),
      fc.array(tie('filter'), { minLength: 2, maxLength: 3 }).map((of) => and(...of)),
      fc.array(tie('filter'), { minLength: 2, maxLength: 3 }).map((of) => or(...of)),
    ),
  }));
  fc.assert(
    fc.property(filter, (written) => {
      assert.deepEqual(parseFilter(write(written)), written);
    }),
  );
});

const write = (filter: Filter): string => {
  if (filter.kind === 'not') return `not (${write(filter.of)})`;
  if (filter.kind === 'and' || filter.kind === 'or') {
    return filter.of.map((part) => `(${write(part)})`).join(` ${filter.kind} `);
  }
  assert.ok(filter.kind === 'compare' && filter.property.of === 'metadata');
  const { value } = filter;
  const literal = typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
  return `${filter.property.path} ${filter.operator} ${literal}`;
};
