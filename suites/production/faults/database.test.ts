import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Postgres, startPostgres } from '../../../testing/services/postgres.ts';
import { startSluiced } from './child-process.ts';
import {
  type Expected,
  expectedFiles,
  expectFiles,
  expectNothingLeft,
  expectSession,
} from './expect-exact.ts';
import { expectUnavailable, IMPATIENT, isIngested, slowWorker } from './outage.ts';
import { callsOf, drain, freshSettings, openStage, storeAt } from './stage.ts';
import { until } from './until.ts';
import { makeUploads, putUploads } from './uploads.ts';

const FILES = 1000;

describe('a database that goes away', () => {
  let postgres: Postgres;
  before(async () => {
    postgres = await startPostgres();
  });
  after(() => postgres?.remove());

  test('PostgreSQL killed and restarted amid an ingestion: 503, no crash, recovery by itself, every file once', async (t) => {
    const settings = { ...(await freshSettings(storeAt(0), postgres.url)), ...IMPATIENT };
    const stage = await openStage(t, settings);
    const api = startSluiced(t, ['serve', '--no-work'], settings);
    const { worker, inTheMiddle, again } = await slowWorker(t, settings);
    const expected: Expected[] = [];
    const processes = [api, worker];
    await Promise.all(processes.map(({ url }) => url));
    for (const [signal, label] of [
      ['SIGKILL', 'killed'],
      ['SIGINT', 'restarted'],
    ] as const) {
      const uploads = makeUploads(FILES, label);
      const { id, form } = await stage.open();
      await putUploads(settings, form, uploads);
      assert.equal((await stage.close(id)).status, 204);
      await inTheMiddle();
      again();
      await postgres.stop(signal);
      await expectUnavailable(t, await api.url, label);
      await postgres.start();
      const back = performance.now();
      await until(isIngested(callsOf(await api.url), id));
      t.diagnostic(
        `${label}: ingested ${((performance.now() - back) / 1000).toFixed(1)} s after it was back`,
      );
      await expectSession(stage, id, uploads);
      expected.push(...expectedFiles(uploads));
    }
    for (const process of processes) process.kill('SIGTERM');
    assert.deepEqual(await Promise.all(processes.map(({ ended }) => ended)), [0, 0]);
    const survivor = await stage.work();
    await drain(survivor);
    await expectNothingLeft(stage, survivor, await expectFiles(survivor, expected));
  });
});
