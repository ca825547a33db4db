import assert from 'node:assert/strict';
import { test } from 'node:test';
import { similarName } from '../../src/domain/similar-name.ts';

const NAMES = ['created_at', 'name', 'size', 'file_id', 'category', 'book.author', 'year', 'größe'];

test('a name like one that there is', async () => {
  for (const [name, similar] of [
    ['updated_at', 'created_at'],
    ['createdAt', 'created_at'],
    ['Category', 'category'],
    ['categry', 'category'],
    ['cateogry', 'category'],
    ['categories', 'category'],
    ['meta.category', 'category'],
    ['author', 'book.author'],
    ['book', 'book.author'],
    ['yaer', 'year'],
    ['fileid', 'file_id'],
    ['grösse', 'größe'],
    ['zzz', undefined],
    ['language', undefined],
    ['', undefined],
    ['x'.repeat(1000), undefined],
  ] as const) {
    assert.equal(await similarName(name, NAMES), similar, name);
  }
});
