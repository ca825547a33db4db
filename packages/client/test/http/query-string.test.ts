import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Query, queryString } from '../../src/http/query-string.ts';

test('a query says what it was given, whatever that holds', () => {
  const cases: [Query, string][] = [
    [{}, ''],
    [{ limit: undefined, page_number: null }, ''],
    [{ limit: 10, isExpired: false }, '?limit=10&isExpired=false'],
    [{ sort_by: '' }, '?sort_by='],
    [{ filter: 'a eq "b&c=d"' }, '?filter=a%20eq%20%22b%26c%3Dd%22'],
    [{ 'a&b': '+#%' }, '?a%26b=%2B%23%25'],
  ];
  for (const [query, expected] of cases) {
    const text = queryString(query);
    assert.equal(text, expected);
    const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
    assert.deepEqual(
      [...new URLSearchParams(text)],
      given.map(([name, value]) => [name, String(value)]),
    );
  }
});
