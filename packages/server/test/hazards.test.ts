import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '../../..');
const CODE = /\b(?:AUT|CLI|CNT|LIF|MET|MPF|NAM|POL|WHK)\.\d+\b/g;

const codesIn = (files: string[]): Set<string> =>
  new Set(files.flatMap((file) => readFileSync(join(ROOT, file), 'utf8').match(CODE) ?? []));

test('every code in the name of a test is explained, and every code that is explained has a test', () => {
  const files = globSync(['packages/*/test/**/*.ts', 'suites/**/*.{ts,py}', 'testing/**/*.ts'], {
    cwd: ROOT,
  });
  const legend = readFileSync(join(ROOT, 'testing/hazards.md'), 'utf8');
  const explained = new Set([...legend.matchAll(/^\| ([A-Z]{3}\.\d+) \|/gm)].map(([, code]) => code));
  assert.deepEqual([...codesIn(files)].sort(), [...explained].sort());
});
