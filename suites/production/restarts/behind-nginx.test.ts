import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePort } from '../../../testing/services/service.ts';
import { type Child, startSluiced } from '../faults/child-process.ts';
import { freshSettings } from '../faults/stage.ts';
import { startLoad } from './load.ts';
import { GIVEN, startNginx } from './nginx.ts';

/** Longer than connections rest in nginx. */
const DRAIN_SECONDS = '4';

test('API processes behind nginx, restarted one right after the other under load, lose no request', async (t) => {
  const [port, ...ports] = [await freePort(), await freePort(), await freePort()];
  const settings = {
    ...(await freshSettings('versitygw')),
    SLUICE_DRAIN_SECONDS: DRAIN_SECONDS,
    SLUICE_PUBLIC_URL: `http://127.0.0.1:${port}`,
  };
  const start = async (at: number): Promise<Child> => {
    const api = startSluiced(t, ['serve', '--no-work'], { ...settings, SLUICE_PORT: String(ports[at]) });
    await api.url;
    return api;
  };
  const processes = [await start(0), await start(1)];
  const proxy = await startNginx(t, port as number, ports as [number, number]);
  const load = await startLoad(proxy.url);
  for (const at of [0, 1, 0, 1]) {
    const old = processes[at] as Child;
    old.kill('SIGTERM');
    assert.equal(await old.ended, 0, old.output());
    processes[at] = await start(at);
  }
  const { done, lost } = await load.stop();
  t.diagnostic([...done].map(([kind, count]) => `${kind} ${count}`).join(', '));
  assert.deepEqual(lost, [], proxy.complaints());
  assert.equal(done.size, 8);
});

test('the guide gives the configuration that was tried', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../../docs/production.md'), 'utf8');
  assert.ok(guide.includes(GIVEN.trim()));
});
