import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allRows } from '../src/all-rows.ts';

test('all pages are asked for until one is the last, or empty, whatever it says of more', async () => {
  const cases: [[number[], boolean][], number[], number][] = [
    [[[[1, 2], false]], [1, 2], 1],
    [
      [
        [[1, 2], true],
        [[3], false],
      ],
      [1, 2, 3],
      2,
    ],
    [
      [
        [[1], true],
        [[], true],
      ],
      [1],
      2,
    ],
    [[[[], false]], [], 1],
  ];
  for (const [pages, rows, asked] of cases) {
    const numbers: number[] = [];
    const fetchPage = async (pageNumber: number) => {
      numbers.push(pageNumber);
      assert.ok(numbers.length <= 9, 'it ends');
      const [data, has_more] = pages[Math.min(pageNumber, pages.length) - 1] as [number[], boolean];
      return { data, has_more, total: rows.length };
    };
    assert.deepEqual(await Array.fromAsync(allRows(fetchPage)), rows);
    assert.deepEqual(
      numbers,
      Array.from({ length: asked }, (_, at) => at + 1),
    );
  }
});
