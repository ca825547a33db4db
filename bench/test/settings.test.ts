import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from '../settings.ts';

const SECTIONS = ['forms', 'pages'];

test('without options everything runs, five times', () => {
  const { folder, ...settings } = readSettings([], SECTIONS) ?? assert.fail();
  assert.ok(folder.length > 0);
  assert.deepEqual(settings, { runs: 5, only: SECTIONS, quick: false, large: true, seed: 1 });
});

test('options are read', () => {
  const settings = readSettings(['--only', 'pages', '--runs=2', '--no-large', '--quick'], SECTIONS);
  assert.deepEqual(
    [settings?.only, settings?.runs, settings?.large, settings?.quick],
    [['pages'], 2, false, true],
  );
  assert.equal(readSettings(['--help'], SECTIONS), undefined);
});

test('what cannot be meant is refused with a sentence', () => {
  for (const args of [['--only', 'page'], ['--runs', '0'], ['--runs', '1.5'], ['--seed', 'x'], ['--fast']]) {
    assert.throws(() => readSettings(args, SECTIONS), Error, args.join(' '));
  }
});
