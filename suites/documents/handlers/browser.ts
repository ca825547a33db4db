import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { launchChromium } from '../../chromium.ts';
import type { Handler } from './handler.ts';

const IMPORTS = '<script type="importmap">{"imports":{"@sluice/client":"/client/index.js"}}</script>';

/** A page with the published client, in Chromium; somebody chooses two files. What it uses and does not set are its settings. */
export const html: Handler = {
  takes: ({ language }) => language === 'html',
  run: async ({ text }, page) => {
    const built = join(page.scratch, 'client');
    const made = await page.run(`node "$CLONE/packages/client/scripts/build.ts" '${built}'; echo "$API_KEY"`);
    const settings = `<script>const baseUrl = 'http://${page.here('127.0.0.1:8000')}', apiKey = '${made.output.trim().split('\n').at(-1)}';</script>`;
    const site = http.createServer((request, response) => {
      const isClient = request.url?.startsWith('/client/');
      response.setHeader('content-type', isClient ? 'text/javascript' : 'text/html; charset=utf-8');
      response.end(
        isClient ? readFileSync(join(built, basename(request.url ?? ''))) : IMPORTS + settings + text,
      );
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    const browser = await launchChromium('sluice.lan');
    try {
      const tab = await browser.newPage();
      const printed: string[] = [];
      tab.on('console', (message) => printed.push(message.text()));
      tab.on('pageerror', (error) => printed.push(error.message));
      await tab.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`, {
        waitUntil: 'networkidle',
      });
      const second = tab.waitForEvent('console', { predicate: () => printed.length === 2 });
      await tab.setInputFiles('input[type=file]', [
        { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') },
        { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
      ]);
      await second;
      assert.deepEqual(printed, ['a.txt finished null', 'empty.txt failed The file has no content.']);
    } finally {
      await browser.close();
      site.close();
    }
  },
};
