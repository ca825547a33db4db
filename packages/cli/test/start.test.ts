import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { test } from 'node:test';
import { SLUICE } from '../../../testing/terminal/run-sluice.ts';

/** Says which parts of Node were loaded in the end. */
const PARTS = 'process.on("exit", () => console.log(JSON.stringify(process.moduleLoadList)))';

test('a second call finds everything compiled, and loads nothing that frees code of its types', () => {
  const env = { ...process.env };
  delete env.NODE_COMPILE_CACHE; // it has its own
  const call = () =>
    execFileSync(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(PARTS)}`, SLUICE, '--version'],
      { env, encoding: 'utf8' },
    );
  call();
  const [version, parts = ''] = call().split('\n');
  assert.match(version ?? '', /^\d+\.\d+\.\d+$/);
  assert.deepEqual(
    (JSON.parse(parts) as string[]).filter((part) => part.includes('amaro')),
    [],
  );
});
