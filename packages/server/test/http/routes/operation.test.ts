import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import pino from 'pino';
import { API_KEY, postFile, startHarness, temporaryFolder } from '../../../../../testing/server/harness.ts';
import { startServer } from '../../../src/app.ts';
import { readConfig } from '../../../src/settings/config.ts';

test('health, readiness, metrics, documentation', async (t) => {
  const h = await startHarness(t);
  const { id, form } = await h.openSession();
  await postFile(form, 'a', 'xyz');
  await postFile(form, 'b', '');
  await h.ws('PUT', `/upload_sessions/${id}`, {});
  await h.drain();
  await h.openSession();
  assert.deepEqual((await h.call('GET', '/health', undefined, null)).body, { status: 'ok' });
  assert.deepEqual((await h.call('GET', '/ready', undefined, null)).body, { status: 'ready' });
  assert.deepEqual((await h.call('GET', '/live', undefined, null)).body, { status: 'alive' });
  const metrics = (await h.call('GET', '/metrics')).body;
  for (const line of [
    'sluice_sessions{state="open"} 1',
    'sluice_sessions{state="closed"} 1',
    'sluice_sessions_awaiting_ingestion 0',
    'sluice_files_ingested_total{outcome="FINISHED"} 1',
    'sluice_files_ingested_total{outcome="EMPTY_FILE"} 1',
    ...(h.road === 'direct'
      ? [] // uploads pass this server by
      : ['sluice_form_uploads_total{outcome="stored"} 2', 'sluice_form_uploaded_bytes_total 3']),
    'sluice_session_ingestion_seconds_count 1',
    'sluice_jobs{state="waiting"} 0',
    'sluice_lost_objects_total 0',
  ]) {
    assert.ok(metrics.split('\n').includes(line), line);
  }
  assert.ok(!metrics.includes(API_KEY) && !metrics.includes(id));

  const openapi = (await h.call('GET', '/openapi.json', undefined, null)).body;
  assert.equal(openapi.openapi, '3.1.0');
  for (const path of ['/health', '/live', '/ready']) {
    assert.deepEqual(openapi.paths[path].get.security, [], `${path} wants no key`);
  }
  const create = openapi.paths['/api/v1/workspaces/{workspace_name}/upload_sessions'].post;
  assert.deepEqual(Object.keys(create.responses).sort(), ['201', '401', '402', '403', '404', '406', '422']);
  assert.deepEqual(
    create.requestBody.content['application/json'].schema.properties.write_mode.enum.length,
    4,
  );
  const page = await h.call('GET', '/docs', undefined, null);
  assert.equal(page.status, 200);
  assert.doesNotMatch(page.body, /(src|href)="(https?:|\/)/, 'nothing of the page comes from elsewhere');
  assert.doesNotMatch(page.headers.get('content-security-policy') ?? '', /upgrade-insecure|unsafe|http/);
  assert.equal((await h.call('GET', '/', undefined, null)).headers.get('location'), '/docs');
});

test('a path that is no route, and a method that a route does not take', async (t) => {
  const h = await startHarness(t);
  assert.deepEqual((await h.call('GET', '/api/v1/nothing')).body, {
    detail: 'Not Found',
    code: 'NOT_FOUND',
  });
  const wrong = await h.call('PUT', '/api/v1/me', {});
  assert.deepEqual(
    [wrong.status, wrong.body],
    [405, { detail: 'Method Not Allowed', code: 'METHOD_NOT_ALLOWED' }],
  );
  assert.match(wrong.headers.get('allow') ?? '', /GET/);
});

test('the first start makes a key that nobody else can read, later starts keep it', async (t) => {
  const directory = await temporaryFolder(t);
  const start = async () => {
    const result = readConfig({ SLUICE_DATA_DIR: directory, SLUICE_PORT: '0' });
    if ('problems' in result) throw new Error(result.problems.join());
    return startServer({ config: result.config, log: pino({ level: 'silent' }), version: 'test' });
  };
  const first = await start();
  assert.match(first.firstKey?.key ?? '', /^api_[\w-]{43}$/);
  const path = join(directory, 'api-key');
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.equal((await stat(directory)).mode & 0o777, 0o700);
  await assert.rejects(start(), /Another Sluice server uses this data folder/);
  await first.close();
  const second = await start();
  assert.equal(second.firstKey, null);
  const headers = { authorization: `Bearer ${first.firstKey?.key}` };
  assert.equal((await fetch(`${second.url}/api/v1/me`, { headers })).status, 200);
  await second.close();
});
