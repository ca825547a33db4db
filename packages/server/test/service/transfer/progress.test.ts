import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showProgress, sizeText } from '../../../src/commands/transfer/progress.ts';

test('sizes are short, of units of 1,000', () => {
  const sizes = [0, 10.3, 999, 1000, 61_340, 7_300_000, 1.3e9, 5e15].map(sizeText);
  assert.deepEqual(sizes, ['0 B', '10 B', '999 B', '1.0 kB', '61.3 kB', '7.3 MB', '1.3 GB', '5000.0 TB']);
});

test('a line says how far a phase has come, now and then and not before there is one', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const lines: string[] = [];
  const progress = showProgress((line) => lines.push(line));
  t.mock.timers.tick(5000);
  progress.begin('objects', 3);
  progress.add(0, 1500);
  progress.add(1, 500);
  t.mock.timers.tick(5000);
  progress.end();
  t.mock.timers.tick(5000);
  assert.deepEqual(lines, ['objects: 3 to go through', 'objects: 1 of 3, 2.0 kB']);
});
