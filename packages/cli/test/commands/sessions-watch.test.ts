import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { jsonLines, startSluiceCommand } from '../../../../testing/terminal/run-sluice.ts';

/** How far the session is, by how often that was asked for. */
const STEPS = [
  { status: 'OPEN', ingestion_status: { finished_files: 0, failed_files: 0 } },
  { status: 'CLOSED', ingestion_status: { finished_files: 1, failed_files: 0 } },
  { status: 'CLOSED', ingestion_status: { finished_files: 2, failed_files: 1 } },
];
const FILES = 3;

/** A service that gives no field beyond the documented ones. @param listed whether its list has the session */
const startDocumentedService = async (listed: boolean) => {
  let asked = 0;
  const stepNow = () => STEPS[Math.min(asked, STEPS.length) - 1];
  const page = (data: object[], total = data.length) => ({ data, total, has_more: false });
  const service = http.createServer(({ url = '' }, response) => {
    const answer = () => {
      if (url.includes('/files?')) return page([{ name: 'a', ingestion_status: 'PENDING' }], FILES);
      if (url.includes('/upload_sessions?'))
        return page(listed ? [{ session_id: 's', status: stepNow()?.status }] : []);
      asked++;
      return { session_id: 's', expires_at: null, ingestion_status: stepNow()?.ingestion_status };
    };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer()));
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  after(() => service.close());
  const { port } = service.address() as AddressInfo;
  return { API_URL: `http://127.0.0.1:${port}`, API_KEY: 'api_x' };
};

test('a session of a service that gives only documented fields is watched to its end', async () => {
  const env = await startDocumentedService(true);
  const { code, stdout, stderr } = await startSluiceCommand(['sessions', 'watch', 's'], env).ended;
  assert.equal(
    stdout,
    'OPEN: 3 pending, 0 finished, 0 failed\nCLOSED: 2 pending, 1 finished, 0 failed\nCLOSED, ingested: 0 pending, 2 finished, 1 failed\n',
  );
  assert.deepEqual([code, stderr], [1, '']);
});

test('one that the list of sessions leaves out has expired', async () => {
  const env = await startDocumentedService(false);
  const ended = await startSluiceCommand(['sessions', 'watch', 's', '--json'], env).ended;
  const { status, total_files, pending_files } = jsonLines(ended).at(-1);
  assert.deepEqual([status, total_files, pending_files, ended.code], ['EXPIRED', 3, 0, 1]);
});
