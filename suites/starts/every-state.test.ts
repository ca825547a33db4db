import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { migrations } from '../../packages/server/src/store/migrations/index.ts';
import { temporaryFolder } from '../../testing/server/harness.ts';
import { checkGoesOn, cleanSchemas, startProcess } from '../../testing/server/server-process.ts';
import { makeOlderFolder } from './older-folder.ts';

const KEEPER = new URL('./keep-every-state.ts', import.meta.url).href;

const STARTS: [string, (directory: string) => Promise<void>][] = [
  ['a first start', async () => {}],
  ['an upgrade from the first version', (directory) => makeOlderFolder(directory, 1)],
  [
    'an upgrade from the version before',
    (directory) => makeOlderFolder(directory, Object.keys(migrations).length - 1),
  ],
];

for (const [name, prepare] of STARTS) {
  test(`LIF.7: ${name} that dies at any statement is gone on with by the next`, async (t) => {
    const clean = await cleanSchemas(t);
    const [directory, states] = [await temporaryFolder(t), await temporaryFolder(t)];
    await prepare(directory);
    const { child, ended } = startProcess(t, directory, {
      node: ['--import', KEEPER],
      env: { KEEP_FROM: directory, KEEP_IN: states },
    });
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
    const kept = (await readdir(states)).sort();
    assert.ok(kept.length > 5, `${kept.length} states`);
    for (const state of kept) await checkGoesOn(t, join(states, state), clean, `${name}, state ${state}`);
  });
}
