import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { launchChromium } from '../chromium.ts';
import { installClient } from './installed.ts';
import { startSluice } from './server.ts';

const project = installClient();
after(() => rmSync(dirname(project), { recursive: true }));
const server = await startSluice();

/** The page, and what was installed, from an origin that is not the server's. */
const site = http.createServer((request, response) => {
  const path = new URL(request.url ?? '/', 'http://site').pathname;
  const name = /^\/client\/([\w-]+\.js)$/.exec(path)?.[1];
  const file = name
    ? join(project, 'node_modules', '@sluice', 'client', name)
    : join(import.meta.dirname, 'page.html');
  response.setHeader('content-type', name ? 'text/javascript' : 'text/html').end(readFileSync(file));
});
await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
after(() => site.close());
const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;

const browser = await launchChromium('sluice.lan');
after(() => browser.close());

const openPage = async (settings: { url?: string; key?: string; workspace?: string; at?: string } = {}) => {
  const page = await browser.newPage();
  const { url = server.url, key = server.key, workspace = 'default', at = origin } = settings;
  await page.goto(`${at}/#${new URLSearchParams({ url, key, workspace })}`);
  await page.waitForFunction("document.title === 'Ready'");
  return page;
};

const ended = async (page: Awaited<ReturnType<typeof openPage>>) => {
  await page.waitForFunction("document.title === 'Done' || document.title === 'Broken'");
  return page.locator('#results li').allTextContents();
};

const file = (name: string, text: string | Buffer) => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.from(text),
});

test('CLI.4: files chosen in a browser are uploaded, and what became of each is shown', async () => {
  const page = await openPage();
  await page.setInputFiles('#files', [
    file('a ü.txt', 'grün'),
    file('a ü.txt.meta.json', '{"kind":"chosen"}'),
    file('empty.txt', ''),
    file('orphan.md.meta.json', '{}'),
    file('large.bin', Buffer.alloc(5_000_000, 7)),
  ]);
  assert.deepEqual((await ended(page)).sort(), [
    'a ü.txt finished null 5',
    'empty.txt failed EMPTY_FILE 0',
    'large.bin finished null 5000000',
    'orphan.md.meta.json skipped ORPHAN_SIDECAR null',
  ]);
  const listed = await fetch(
    `${server.url}/api/v1/workspaces/default/files?filter=${encodeURIComponent("kind eq 'chosen'")}`,
    {
      headers: { authorization: `Bearer ${server.key}` },
    },
  );
  const { data } = (await listed.json()) as { data: { name: string; size: number }[] };
  assert.deepEqual(
    data.map(({ name, size }) => [name, size]),
    [['a ü.txt', 5]],
  );
});

test('a hundred files with their sidecars, from one input', async () => {
  const page = await openPage();
  const names = Array.from({ length: 100 }, (_, index) => `f${index}.txt`);
  await page.setInputFiles(
    '#files',
    names.flatMap((name) => [file(name, name), file(`${name}.meta.json`, '{}')]),
  );
  assert.deepEqual(
    (await ended(page)).sort(),
    names.map((name) => `${name} finished null ${name.length}`).sort(),
  );
});

test('a page over plain http in a local network uploads as well', async () => {
  const page = await openPage({ at: origin.replace('127.0.0.1', 'sluice.lan') });
  assert.equal(await page.evaluate('isSecureContext'), false);
  await page.setInputFiles('#files', [file('lan.txt', 'lan')]);
  assert.deepEqual(await ended(page), ['lan.txt finished null 3']);
});

test('a key that is refused is told to the page', async () => {
  const page = await openPage({ key: 'api_nobody' });
  await page.setInputFiles('#files', [file('a.txt', 'a')]);
  assert.match((await ended(page)).join(), /^ApiError: 401/);
});
