import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findJsonError } from '../../../src/domain/json/error.ts';

// Most wordings are held against Python's in http/validation/fastapi-cases.test.ts; here are those that Python has from 3.13 on, and
// those where it admits more.
const errors: [string, string, number][] = [
  ['{"a":1,}', 'Illegal trailing comma before end of object', 6],
  ['{"a":1 , }', 'Illegal trailing comma before end of object', 7],
  ['[1,]', 'Illegal trailing comma before end of array', 2],
  ['[[1,\n],2]', 'Illegal trailing comma before end of array', 3],
  ['{"a":{"b":[],},}', 'Illegal trailing comma before end of object', 12],
  ['NaN', 'Expecting value', 0],
  ['[1,-Infinity]', 'Expecting value', 3],
  ['{"a":Infinity}', 'Expecting value', 5],
  ['{"😀":"😀" x}', "Expecting ',' delimiter", 11],
];
for (const [text, message, at] of errors) {
  test(`${JSON.stringify(text)}: ${message} at ${at}`, () => {
    const error = findJsonError(text);
    assert.deepEqual([error?.message, error?.at], [message, at]);
    const bracket = text.slice(at).search(/[}\]]/);
    assert.equal(error?.stop, message.includes('comma') ? at + bracket : at);
  });
}

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u00e9',
  'a',
  '0',
  '1',
  '-',
  '.',
  'e',
  'true',
  ' ',
  '\n',
  '\0',
  'é',
  '😀',
  '"a":',
];

test('an error is found exactly where JSON.parse refuses, and within the text', () => {
  const tokens = fc.array(fc.constantFrom(...TOKENS), { maxLength: 12 }).map((parts) => parts.join(''));
  const damaged = fc
    .tuple(fc.json(), fc.nat(), fc.nat(2), fc.constantFrom(...TOKENS))
    .map(([json, at, take, put]) => {
      const from = at % (json.length + 1);
      return json.slice(0, from) + put + json.slice(from + take);
    });
  fc.assert(
    fc.property(fc.oneof(tokens, damaged, fc.json(), fc.string({ unit: 'binary' })), (text) => {
      const error = findJsonError(text);
      assert.equal(error === undefined, parses(text));
      if (error) assert.ok(error.at >= 0 && error.at <= text.length);
    }),
    { numRuns: 2000 },
  );
});
