import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort } from '../../../testing/server/free-port.ts';
import { startSluice } from '../../../testing/server/sluice-server.ts';
import { createClient } from '../src/node/index.ts';
import { type Fate, startFaultyNetwork } from './faulty-network.ts';

const FORM_FATES: Fate[] = [
  'passes',
  'is lost',
  'passes',
  'loses its answer',
  'meets 503',
  'passes',
  'passes',
];
const PUT_FATES: Fate[] = ['loses its answer', 'meets 503', 'passes'];
const GET_FATES: Fate[] = ['is lost', 'meets 503', 'passes'];

const take = (fates: Fate[]): Fate => {
  const fate = fates.shift() ?? 'passes';
  fates.push(fate);
  return fate;
};

/** Opening a session is the one step that may not be repeated, so nothing happens to it. */
const network = await startFaultyNetwork(({ method, url = '' }) => {
  if (method === 'POST') return url.startsWith('/api/') ? 'passes' : take(FORM_FATES);
  return take(method === 'PUT' ? PUT_FATES : GET_FATES);
});
const port = await freePort();
network.lead(`http://127.0.0.1:${port}`);
const { apiKey } = await startSluice({ SLUICE_PORT: `${port}`, SLUICE_PUBLIC_URL: network.url });

test('CLI.1: every file arrives once, though the network loses requests and answers on every step', async () => {
  const client = createClient({ baseUrl: network.url, apiKey, retry: { attempts: 12, firstDelayMs: 1 } });
  const inputs = Array.from({ length: 150 }, (_, index) => ({
    name: `f${index}.txt`,
    body: `content ${index}`,
    meta: { index },
  }));
  const upload = await client.uploadFiles('default', inputs);

  assert.ok(upload.results.every(({ status }) => status === 'finished'));
  const files = await Array.fromAsync(client.files.listAll('default'));
  assert.equal(files.length, 150);
  for (const { name, meta } of files) assert.equal(name, `f${meta.index}.txt`);
  assert.deepEqual(upload.orphanSidecars, []);
  for (const times of Object.values(network.met)) assert.ok(times > 0);
});
