import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { startSmallProxy } from '../../testing/server/small-proxy.ts';
import { installClient, installNode } from './installed.ts';
import { startSluice } from './server.ts';

const project = installClient();
after(() => rmSync(dirname(project), { recursive: true }));
const server = await startSluice();
copyFileSync(join(import.meta.dirname, 'use-package.mjs'), join(project, 'use-package.mjs'));

test('what is installed depends on nothing', () => {
  const packages = join(project, 'node_modules');
  assert.deepEqual(
    readdirSync(packages).filter((name) => !name.startsWith('.')),
    ['@sluice'],
  );
  assert.deepEqual(readdirSync(join(packages, '@sluice')), ['client']);
  const description = JSON.parse(readFileSync(join(packages, '@sluice/client/package.json'), 'utf8'));
  assert.equal(description.dependencies, undefined);
});

for (const major of [20, 22, 24, 26]) {
  test(`CLI.4: every workflow works on Node ${major}`, async () => {
    const node = installNode(major);
    const run = promisify(execFile);
    assert.match((await run(node, ['--version'])).stdout, new RegExp(`^v${major}\\.`));
    const { stdout, stderr } = await run(node, ['use-package.mjs'], {
      cwd: project,
      timeout: 60_000,
      env: {
        PATH: process.env.PATH,
        API_URL: `${server.url}/api/v1`,
        API_KEY: server.key,
        DEFAULT_WORKSPACE_NAME: `node-${major}`,
      },
    });
    assert.equal(stderr, '');
    const uploaded = ['text', 'bytes', 'blob', 'pieces', 'opened', 'stream', 'a.txt'];
    const inFolder = ['a.txt', 'large.bin', 'minutes/ü b.md'];
    assert.deepEqual(JSON.parse(stdout), {
      files: [
        'text finished',
        'refused skipped BAD_METADATA',
        ...uploaded.slice(1).map((name) => `${name} finished`),
        'missing.txt skipped UNREADABLE',
      ],
      directory: inFolder.map((name) => `${name} finished`),
      resumed: {
        sessionId: null,
        sessionIds: [],
        settled: true,
        orphanSidecars: [],
        results: inFolder.map((name) => `${name} finished`),
      },
      listed: [...new Set([...uploaded, ...inFolder])].sort(),
      sessions: ['CLOSED', 'CLOSED'],
      metadata: { read: true },
      download: [9, 0, 0],
      again: [0, 9, 0],
      large: true,
      numbers: ['{"kind":"text","tweet_id":1546130668394913822,"exact":1.0}', 'bigint'],
      sidecar: '{\n  "kind": "text",\n  "tweet_id": 1546130668394913822,\n  "exact": 1.0\n}\n',
      refusal: [true, 400],
      deleted: { deletedCount: 3 },
    });
  });
}

for (const major of [22, 24, 26]) {
  test(`all of it goes through a proxy on Node ${major}, where that was told to`, async () => {
    const proxy = await startSmallProxy();
    const { stdout } = await promisify(execFile)(installNode(major), ['use-package.mjs'], {
      cwd: project,
      timeout: 60_000,
      env: {
        PATH: process.env.PATH,
        NODE_USE_ENV_PROXY: '1',
        HTTP_PROXY: `http://${proxy.host}`,
        API_URL: `${server.url}/api/v1`,
        API_KEY: server.key,
        DEFAULT_WORKSPACE_NAME: `proxied-${major}`,
      },
    });
    assert.deepEqual(JSON.parse(stdout).download, [9, 0, 0]);
    const forms = proxy.asked.filter((one) => one.startsWith('POST') && !one.includes('/api/'));
    assert.ok(forms.length >= 10);
    assert.ok(proxy.asked.some((one) => /^GET .*\/files\/[^/?]+$/.test(one)));
  });
}
