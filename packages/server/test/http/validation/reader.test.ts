import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Nullable, OneOf, Timestamp, Uuid } from '@sluice/contract';
import Type from 'typebox';
import { MAX_PROBLEMS } from '../../../src/http/validation/problems.ts';
import { compileRequestReader, type RequestSchemas } from '../../../src/http/validation/reader.ts';

const ID = '0123abcd-1234-5678-9abc-def012345678';

const read = (
  schemas: RequestSchemas,
  { body, ...sent }: { params?: unknown; query?: unknown; body?: string; contentType?: string },
) =>
  compileRequestReader(schemas)({
    params: {},
    query: {},
    contentType: 'application/json',
    body: body === undefined ? undefined : Buffer.from(body),
    ...sent,
  });

test('parts without a schema pass as they came, and a body without one is not read', () => {
  const params = { '*': 'a/b' };
  const query = { limit: 'x' };
  assert.deepEqual(read({}, { params, query, body: '{' }), { params, query, body: undefined });
});

test('a repeated query key counts with its last value, however it was parsed', () => {
  const querystring = Type.Object({ limit: Type.Integer() });
  assert.deepEqual(read({ querystring }, { query: { limit: ['x', '2'] } }), {
    params: {},
    query: { limit: 2 },
    body: undefined,
  });
});

test('a required parameter that is absent is missing, with null as its input', () => {
  const querystring = Type.Object({ limit: Type.Integer() });
  assert.deepEqual(read({ querystring }, {}), {
    problems: [{ type: 'missing', loc: ['query', 'limit'], msg: 'Field required', input: null }],
  });
});

test('an optional body may be absent or null, and is read where it is not', () => {
  const body = Type.Optional(Type.Object({ name: Type.String() }));
  for (const sent of [undefined, 'null']) {
    const reading = read({ body }, sent === undefined ? {} : { body: sent });
    assert.deepEqual(reading, { params: {}, query: {}, body: undefined });
  }
  assert.deepEqual(read({ body }, { body: '{"name":1}' }), {
    problems: [
      { type: 'string_type', loc: ['body', 'name'], msg: 'Input should be a valid string', input: 1 },
    ],
  });
});

test('absent properties without a default stay absent, and null stays null', () => {
  const body = Type.Object({
    a: Type.Optional(Nullable(Uuid())),
    b: Type.Optional(Nullable(Uuid())),
    c: Type.Optional(Nullable(Type.Integer({ default: 7 }))),
    d: Type.Optional(Nullable(Type.Integer({ default: 7 }))),
    e: Type.Optional(OneOf(['x'], { default: 'x' })),
  });
  const reading = read({ body }, { body: '{"b":null,"d":null}' });
  assert.deepEqual(reading, { params: {}, query: {}, body: { b: null, c: 7, d: null, e: 'x' } });
});

test('nested objects and lists say where each problem stands', () => {
  const body = Type.Object({
    rows: Type.Array(Type.Object({ id: Uuid(), tags: Type.Record(Type.String(), Type.Integer()) })),
  });
  const sent = { rows: [{ id: ID, tags: { a: '1' } }, { tags: { a: 'x', b: null } }, 5] };
  const reading = read({ body }, { body: JSON.stringify(sent) });
  assert.ok('problems' in reading);
  assert.deepEqual(
    reading.problems.map(({ type, loc, input }) => [type, loc, input]),
    [
      ['missing', ['body', 'rows', 1, 'id'], sent.rows[1]],
      ['int_parsing', ['body', 'rows', 1, 'tags', 'a'], 'x'],
      ['int_type', ['body', 'rows', 1, 'tags', 'b'], null],
      ['model_attributes_type', ['body', 'rows', 2], 5],
    ],
  );
});

test('lengths are counted in characters, not in halves of surrogate pairs', () => {
  const body = Type.Object({ name: Type.String({ minLength: 2, maxLength: 2 }) });
  assert.ok('body' in read({ body }, { body: '{"name":"😀😀"}' }));
  const short = read({ body }, { body: '{"name":"😀"}' });
  assert.ok('problems' in short);
  assert.deepEqual(short.problems[0]?.msg, 'String should have at least 2 characters');
  const one = Type.Object({ name: Type.String({ maxLength: 1 }) });
  const long = read({ body: one }, { body: '{"name":"ab"}' });
  assert.ok('problems' in long);
  assert.deepEqual(long.problems[0]?.msg, 'String should have at most 1 character');
});

test('lists and records of more than their limit are refused whole, before any item is read', () => {
  const body = Type.Object({
    list: Type.Optional(Type.Array(Type.Integer(), { maxItems: 1 })),
    map: Type.Optional(
      Type.Record(Type.String(), Type.Integer(), { maxProperties: 2, propertyNames: { maxLength: 3 } }),
    ),
  });
  const problemsOf = (sent: object) => {
    const reading = read({ body }, { body: JSON.stringify(sent) });
    return 'problems' in reading ? reading.problems : [];
  };
  assert.deepEqual(problemsOf({ list: [1], map: { abc: 1, b: 2 } }), []);
  assert.deepEqual(problemsOf({ list: ['x', 'y'] }), [
    {
      type: 'too_long',
      loc: ['body', 'list'],
      msg: 'List should have at most 1 item after validation, not 2',
      input: ['x', 'y'],
      ctx: { field_type: 'List', max_length: 1, actual_length: 2 },
    },
  ]);
  const map = { a: 1, b: 'x', c: 3 };
  assert.deepEqual(problemsOf({ map }), [
    {
      type: 'too_long',
      loc: ['body', 'map'],
      msg: 'Dictionary should have at most 2 items after validation, not 3',
      input: map,
      ctx: { field_type: 'Dictionary', max_length: 2, actual_length: 3 },
    },
  ]);
  assert.deepEqual(problemsOf({ map: { abcd: 1 } }), [
    {
      type: 'string_too_long',
      loc: ['body', 'map', 'abcd', '[key]'],
      msg: 'String should have at most 3 characters',
      input: 'abcd',
      ctx: { max_length: 3 },
    },
  ]);
});

test('MET.2: __proto__ and constructor are keys like any other where keys are data', () => {
  const sent = '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}';
  for (const value of [Type.Unknown(), Type.Record(Type.String(), Type.Unknown())]) {
    const reading = read({ body: Type.Record(Type.String(), value) }, { body: sent });
    assert.ok('body' in reading);
    assert.equal(JSON.stringify(reading.body), sent);
    assert.equal(Object.getPrototypeOf(reading.body), Object.prototype);
  }
  assert.equal(({} as { admin?: boolean }).admin, undefined);
});

test('MET.2: __proto__ and constructor are not in the result where keys are known, and give no property a value', () => {
  const body = Type.Object({ admin: Type.Optional(Type.Boolean()), toString: Type.Optional(Type.String()) });
  const reading = read({ body }, { body: '{"__proto__":{"admin":true},"constructor":1}' });
  assert.ok('body' in reading);
  assert.deepEqual(Object.keys(reading.body as object), []);
  assert.equal(Object.getPrototypeOf(reading.body), Object.prototype);
});

test('a list of bad items is answered with a bounded number of problems', () => {
  const body = Type.Object({ names: Type.Array(Type.String()) });
  const reading = read({ body }, { body: `{"names":[${Array(MAX_PROBLEMS + 5).fill('1')}]}` });
  assert.ok('problems' in reading);
  assert.equal(reading.problems.length, MAX_PROBLEMS);
});

test('MET.1: texts of megabytes where a number is expected are refused, whatever they are made of', () => {
  const body = Type.Object({ a: Type.Integer(), b: Type.Boolean(), c: Uuid(), d: Timestamp() });
  for (const piece of ['1', '1_', ' ', '0', 'x', '-', '2022-']) {
    const text = piece.repeat(500_000);
    const reading = read({ body }, { body: JSON.stringify({ a: text, b: text, c: text, d: text }) });
    assert.ok('problems' in reading);
    assert.ok(reading.problems.some(({ type }) => type === 'int_parsing_size'));
    assert.ok(reading.problems.length >= 3);
  }
});

const unread: [string, RequestSchemas][] = [
  ['a keyword of limits', { body: Type.Object({ a: Type.String({ pattern: 'x' }) }) }],
  ['a limit of the wrong kind', { querystring: Type.Object({ a: Type.Boolean({ minimum: 1 }) }) }],
  ['an unknown format', { params: Type.Object({ a: Type.String({ format: 'email' }) }) }],
  ['a number that is no integer', { body: Type.Object({ a: Type.Number() }) }],
  ['a union', { body: Type.Object({ a: Type.Union([Type.String(), Type.Integer()]) }) }],
  ['closed objects', { body: Type.Object({}, { additionalProperties: false }) }],
  ['a record of some keys', { body: Type.Record(Type.String({ pattern: '^a$' }), Type.String()) }],
  ['query that is no object', { querystring: Type.Array(Type.String()) }],
];
for (const [what, schemas] of unread) {
  test(`a schema with ${what} is refused when it is compiled`, () => {
    assert.throws(() => compileRequestReader(schemas), /Requests cannot be read by/);
  });
}
