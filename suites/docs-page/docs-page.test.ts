import assert from 'node:assert/strict';
import { after, type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { API_KEY, startHarness } from '../../testing/server/harness.ts';
import { launchChromium } from '../chromium.ts';
import { startPrefixProxy } from './prefix-proxy.ts';

const browser = await launchChromium('sluice.test');
after(() => browser.close());

/** Opens the page, and fails the test where anything of it was refused, missing, or from elsewhere. */
const open = async (t: TestContext, url: string): Promise<Page> => {
  const page = await browser.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('requestfailed', (request) => troubles.push(`${request.url()} ${request.failure()?.errorText}`));
  page.on('response', (response) => {
    if (response.status() >= 400) troubles.push(`${response.url()} ${response.status()}`);
    const { origin, protocol } = new URL(response.url());
    if (/^http/.test(protocol) && origin !== new URL(url).origin)
      troubles.push(`${response.url()} is elsewhere`);
  });
  t.after(async () => {
    await page.close();
    assert.deepEqual(troubles, []);
  });
  await page.goto(url);
  await page.locator('.opblock').first().waitFor();
  return page;
};

/** What somebody with a key does on it. */
const tryOut = async (page: Page): Promise<string> => {
  await page.locator('.btn.authorize').click();
  await page.locator('.auth-container input').fill(API_KEY);
  await page.locator('.auth-btn-wrapper .authorize').click();
  await page.locator('.auth-btn-wrapper .btn-done').click();
  const operation = page.locator('.opblock', { has: page.locator('[data-path="/api/v1/me"]') });
  await operation.locator('.opblock-summary-control').click();
  await operation.getByRole('button', { name: 'Try it out' }).click();
  await operation.getByRole('button', { name: 'Execute' }).click();
  const reply = operation.locator('.live-responses-table tbody .response-col_status');
  await reply.waitFor();
  return (await reply.innerText()).trim();
};

test('over plain http by a name of a local network: drawn, its own, and it calls the API', async (t) => {
  const h = await startHarness(t);
  const url = h.server.url.replace('127.0.0.1', 'sluice.test');
  const page = await open(t, `${url}/docs`);
  assert.equal(await page.evaluate('isSecureContext'), false);
  assert.equal(await page.title(), 'Sluice API');
  assert.ok((await page.locator('.opblock').count()) > 20);
  assert.doesNotMatch(await page.locator('body').innerText(), /swagger|smartbear|fastify/i);
  const marks = await page
    .locator('img')
    .evaluateAll((images) =>
      images.map((image) => [
        image.getAttribute('src'),
        (image as unknown as { naturalWidth: number }).naturalWidth > 0,
      ]),
    );
  assert.deepEqual(marks, [['docs/mark.svg', true]]);
  assert.match(await tryOut(page), /^200\b/);
});

test('from an address with a slash at the end, and from the root', async (t) => {
  const h = await startHarness(t);
  for (const path of ['/docs/', '/']) {
    assert.equal((await open(t, h.server.url + path)).url(), `${h.server.url}/docs`);
  }
});

for (const passes of ['without', 'with'] as const) {
  test(`under a prefix, behind a proxy that passes requests on ${passes} it`, async (t) => {
    const h = await startHarness(t, { env: { SLUICE_PUBLIC_URL: 'https://example.org/team/sluice' } });
    const proxy = await startPrefixProxy('/team/sluice', h.server.url, passes);
    t.after(proxy.close);
    const base = `http://sluice.test:${proxy.port}/team/sluice`;
    const page = await open(t, `${base}/`);
    assert.equal(page.url(), `${base}/docs`);
    assert.match(await tryOut(page), /^200\b/);
  });
}

test('turned off, there is neither page nor document', async (t) => {
  const h = await startHarness(t, { env: { SLUICE_DOCS: 'off' } });
  for (const path of ['/', '/docs', '/docs/', '/docs/viewer.js', '/openapi.json']) {
    assert.equal((await h.call('GET', path)).status, 404, path);
  }
});
