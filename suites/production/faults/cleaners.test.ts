import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Moment } from './arm.ts';
import { startChild } from './child-process.ts';
import { ageHeartbeats } from './database.ts';
import { expectFiles, expectNothingLeft } from './expect-exact.ts';
import { drain, freshSettings, openStage, storeAt } from './stage.ts';
import { inParallel } from './uploads.ts';

const DYING_WORKER = fileURLToPath(new URL('./dying-worker.ts', import.meta.url));
const FILES = 60;

const during = (step: string): Moment => ({ step, when: 'during', nth: 1 });
const after = (step: string): Moment => ({ step, when: 'after', nth: 1 });

/** Each of them leaves something to do for the next. */
const DEATHS: [string, Moment[]][] = [
  [
    'collecting garbage',
    [during('objects.delete'), after('objects.delete'), during('garbage.remove'), after('garbage.remove')],
  ],
  [
    'purging a workspace',
    [
      during('files.remove'),
      after('files.remove'),
      during('objects.delete'),
      after('objects.delete'),
      during('workspaces.remove'),
    ],
  ],
];

describe('LIF.7: workers killed while they delete: nothing is left, nothing else is gone', {
  concurrency: 2,
}, () => {
  for (const [at, [name, deaths]] of DEATHS.entries()) {
    test(name, async (t) => {
      const stage = await openStage(t, await freshSettings(storeAt(at)));
      assert.equal((await stage.send('stays.txt', 'stays')).status, 201);
      const isPurge = at === 1;
      const base = `${stage.server.url}/api/v1/workspaces`;
      const headers = { authorization: `Bearer ${stage.settings.SLUICE_API_KEY}` };
      const workspace = isPurge ? 'doomed' : 'default';
      if (isPurge) {
        const body = JSON.stringify({ name: workspace });
        const type = { 'content-type': 'application/json' };
        const made = await fetch(base, { method: 'POST', headers: { ...headers, ...type }, body });
        assert.equal(made.status, 201);
      }
      const names = Array.from({ length: FILES }, (_, n) => `goes-${n}.txt`);
      const ids: string[] = [];
      await inParallel(names, 8, async (file) => {
        const body = new FormData();
        body.append('file', new Blob([file]), file);
        const answer = await fetch(`${base}/${workspace}/files`, { method: 'POST', headers, body });
        ids.push(((await answer.json()) as { file_id: string }).file_id);
      });
      if (isPurge) assert.ok((await fetch(`${base}/${workspace}`, { method: 'DELETE', headers })).ok);
      else await inParallel(ids, 8, (id) => stage.call('DELETE', `/files/${id}`));

      for (const { step, when, nth } of deaths) {
        const worker = startChild(t, DYING_WORKER, [step, when, String(nth)], stage.settings);
        assert.equal(await worker.ended, 'SIGKILL', `${when} ${step}: ${worker.output()}`);
        await ageHeartbeats(stage.settings);
      }
      const survivor = await stage.work();
      await drain(survivor);
      const files = await expectFiles(survivor, [{ name: 'stays.txt', content: 'stays', metadata: {} }]);
      await expectNothingLeft(stage, survivor, files);
      assert.deepEqual(await survivor.store.read.workspaces.deleted(), []);
    });
  }
});
