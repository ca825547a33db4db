import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_DEPTH, MAX_VALUES, readJsonBody } from '../../../src/http/validation/json-body.ts';

const TYPE = 'application/json';

const problem = (body: Uint8Array | string) => {
  const reading = readJsonBody(typeof body === 'string' ? Buffer.from(body) : body, TYPE);
  assert.ok('problems' in reading);
  assert.equal(reading.problems.length, 1);
  const [{ type, msg, input, loc, ctx }] = reading.problems as [(typeof reading.problems)[0]];
  assert.deepEqual([type, msg, input, loc[0]], ['json_invalid', 'JSON decode error', {}, 'body']);
  return [ctx?.error, loc[1]];
};

test('no bytes are no body, whatever their type', () => {
  for (const type of [undefined, TYPE, 'text/plain']) {
    assert.deepEqual(readJsonBody(undefined, type), { body: undefined });
    assert.deepEqual(readJsonBody(new Uint8Array(), type), { body: undefined });
  }
});

test('MET.5: what is not declared as JSON is text, UTF-8 or not', () => {
  for (const type of [undefined, '', 'text/plain', 'application/jsonx', 'application/json, text/plain']) {
    assert.deepEqual(readJsonBody(Buffer.from('{"a":1}'), type), { body: '{"a":1}' });
  }
  assert.deepEqual(readJsonBody(Uint8Array.of(0x61, 0xff), 'text/plain'), { body: 'a\ufffd' });
});

test('MET.1: a byte order mark in front is passed over, a second one is no JSON', () => {
  assert.deepEqual(readJsonBody(Buffer.from('\ufeff{}'), TYPE), { body: {} });
  assert.deepEqual(problem('\ufeff\ufeff{}'), ['Expecting value', 0]);
});

test('MET.1: what is not UTF-8 is refused with the place where it stops being so', () => {
  assert.deepEqual(problem(Uint8Array.of(0xff)), ['The body is not valid UTF-8', 0]);
  assert.deepEqual(problem(Buffer.from('\ufeff{}', 'utf16le')), ['The body is not valid UTF-8', 0]);
  const latin1 = Buffer.concat([Buffer.from('{"😀\ufffd":"'), Uint8Array.of(0xe9), Buffer.from('"}')]);
  assert.deepEqual(problem(latin1), ['The body is not valid UTF-8', 7]);
  const surrogate = Buffer.concat([Buffer.from('"'), Uint8Array.of(0xed, 0xa0, 0x80), Buffer.from('"')]);
  assert.deepEqual(problem(surrogate), ['The body is not valid UTF-8', 1]);
});

test(`MET.1: ${MAX_DEPTH} levels are read, one more is refused at its bracket, and brackets in text are no level`, () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  assert.ok('body' in readJsonBody(Buffer.from(nested(MAX_DEPTH)), TYPE));
  assert.deepEqual(problem(nested(MAX_DEPTH + 1)), ['Nesting is deeper than 64 levels', 64]);
  assert.deepEqual(problem(`["😀","\\"[",${nested(MAX_DEPTH)}]`), ['Nesting is deeper than 64 levels', 74]);
  assert.ok('body' in readJsonBody(Buffer.from(`["${'[{'.repeat(500)}\\\\",{},[]]`), TYPE));
  assert.ok('body' in readJsonBody(Buffer.from(`[${'[],{},'.repeat(500)}1]`), TYPE));
});

test('MET.1: a million open brackets are refused at the first that is too many', () => {
  assert.deepEqual(problem('['.repeat(1_000_000)), ['Nesting is deeper than 64 levels', 64]);
  assert.deepEqual(problem('{"a":'.repeat(200_000)), ['Nesting is deeper than 64 levels', 64 * 5]);
});

test('MET.1: of duplicate keys the last counts', () => {
  assert.deepEqual(readJsonBody(Buffer.from('{"a":1,"a":2}'), TYPE), { body: { a: 2 } });
});

test('MET.1: what is wrong with a body of megabytes is found as well, with its line', () => {
  const padding = '\n'.repeat(1 << 20);
  assert.deepEqual(problem(`${padding}x`), ['Expecting value', 1 << 20]);
  assert.deepEqual(problem(Buffer.concat([Buffer.from(padding), Uint8Array.of(0xff)])), [
    'The body is not valid UTF-8',
    1 << 20,
  ]);
  const reading = readJsonBody(Buffer.from(`${padding} NaN`), TYPE);
  assert.deepEqual('place' in reading && reading.place, { line: (1 << 20) + 1, column: 2 });
});

test('a body of more values than anybody sends is refused before it is read', () => {
  const list = (values: number) => `[${Array(values).fill('0').join()}]`;
  assert.ok('body' in readJsonBody(Buffer.from(list(MAX_VALUES)), TYPE));
  const tooMany = (offset: number) => [`More than ${MAX_VALUES} values: send fewer at a time`, offset];
  assert.deepEqual(problem(list(MAX_VALUES + 1)), tooMany(2 * MAX_VALUES));
  assert.deepEqual(
    problem(
      `{${Array(MAX_VALUES + 1)
        .fill('"a":1')
        .join()}}`,
    ),
    tooMany(6 * MAX_VALUES),
  );
  assert.deepEqual(problem(`[${Array(MAX_VALUES).fill('{}').join()}]`), tooMany(1.5 * MAX_VALUES));
});

test('what stands inside a text is no value, however it is quoted', () => {
  const text = '[{,'.repeat(MAX_VALUES);
  for (const value of [text, `\\"${text}`, `"${text}\\`, `${text}\\\\"`]) {
    assert.deepEqual(readJsonBody(Buffer.from(JSON.stringify({ value })), TYPE), { body: { value } });
  }
  const deep = '['.repeat(MAX_DEPTH + 1);
  assert.deepEqual(problem(`["\\\\",${deep}`), [`Nesting is deeper than ${MAX_DEPTH} levels`, 5 + MAX_DEPTH]);
});
