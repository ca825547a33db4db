import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseQueryString } from '../../../src/http/validation/query-string.ts';

// Values are held against Starlette's in fastapi-cases.test.ts.
test('MET.2: a query has no keys but those that were sent', () => {
  const query = parseQueryString('__proto__=1&constructor=2&a=1&a=2');
  assert.deepEqual(Object.entries(query), [
    ['__proto__', '1'],
    ['constructor', '2'],
    ['a', '2'],
  ]);
  assert.equal(Object.getPrototypeOf(query), null);
  assert.equal(parseQueryString('').toString, undefined);
});
