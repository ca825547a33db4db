import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queriesFor } from '../../../testing/rows/queries.ts';
import { idOf, NEEDLES, needle, type Row, rowAt, VARIANTS } from '../../../testing/rows/rows.ts';

const SIZES = [1000, 10_000];
const rows = Array.from({ length: 10_000 }, (_, index) => rowAt(1, SIZES, index));

test('a row depends on the seed and its place alone', () => {
  assert.deepEqual(rowAt(1, SIZES, 4321), rows[4321]);
  assert.notDeepEqual(rowAt(2, SIZES, 4321), rows[4321]);
  assert.equal(new Set(rows.map(idOf)).size, rows.length);
});

test('a rare word is in ten files at its size, from the oldest tenth to the newest', () => {
  for (const size of SIZES) {
    for (let variant = 0; variant < VARIANTS; variant++) {
      const word = needle(size, variant);
      const found = rows.slice(0, size).filter(({ name }) => name.includes(`-${word}-`));
      assert.deepEqual(
        found.map(({ index }) => Math.floor((index / size) * NEEDLES)),
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        word,
      );
      assert.ok(found.every(({ metadata }) => metadata.campaign === word));
    }
  }
});

test('queries find about the part they are named after, each variant another set', () => {
  const row = (index: number) => rows[index] as Row;
  const parts = new Map(
    queriesFor(10_000, row).map(({ name, matches }) => [
      name,
      rows.filter((each) => matches(each, 0)).length / rows.length,
    ]),
  );
  const near = (name: string, part: number) =>
    assert.ok(Math.abs((parts.get(name) ?? -1) - part) < part / 5, `${name}: ${parts.get(name)}`);
  near('equality, finds 10', 0.001);
  near('equality, finds 10 %', 0.1);
  near('and of 10 % with 20 %', 0.02);
  near('part of the name, finds 10', 0.001);
  near('part of the name, finds 10 %', 0.1);
  near('created_at, the middle tenth', 0.1);
});
