import assert from 'node:assert/strict';
import { test } from 'node:test';
import { postFile, startHarness } from '../../../../testing/server/harness.ts';
import { basePathOf, knownTarget } from '../../src/domain/base-path.ts';

test('the base path is that of the public URL', () => {
  const bases = [null, 'http://a', 'http://a/', 'https://a/b', 'https://a/b/c/'].map(basePathOf);
  assert.deepEqual(bases, ['', '', '', '/b', '/b/c']);
});

test('a target is known with the base path and without', () => {
  const cases: [base: string, target: string, known: string][] = [
    ['', '/api/v1/me', '/api/v1/me'],
    ['/sluice', '/api/v1/me', '/api/v1/me'],
    ['/sluice', '/sluice/api/v1/me?a=/sluice', '/api/v1/me?a=/sluice'],
    ['/sluice', '/sluice', '/'],
    ['/sluice', '/sluice/', '/'],
    ['/sluice', '/sluice?a', '/?a'],
    ['/sluice', '/sluices/x', '/sluices/x'],
    ['/sluice', '*', '*'],
    ['', 'http://a.example/api/v1/me', '/api/v1/me'],
    ['/sluice', 'HTTPS://a.example:1/sluice/docs?a=http://b', '/docs?a=http://b'],
    ['/sluice', 'http://a.example?a', '/?a'],
    ['', '/http://a', '/http://a'],
    ['/a/b', '/a/b/docs', '/docs'],
    ['/api', '/api/v1/me', '/api/v1/me'],
    ['/docs/x', '/docs/x', '/docs/x'],
    ['/bucket', '/bucket/', '/bucket/'],
  ];
  for (const [base, target, known] of cases)
    assert.equal(knownTarget(base, '/bucket')(target), known, `${base} ${target}`);
});

for (const [proxy, on] of [
  ['takes the base path off', ''],
  ['passes the base path on', '/team/sluice'],
]) {
  test(`behind a proxy that ${proxy}, every address that is told leads back here`, async (t) => {
    const publicUrl = 'https://example.org/team/sluice';
    const h = await startHarness(t, { env: { SLUICE_PUBLIC_URL: publicUrl } });
    /** As the proxy asks for what a client calls `url`. */
    const passed = (url: string): string => {
      const { href } = new URL(url, `${publicUrl}/`);
      assert.ok(href.startsWith(`${publicUrl}/`), href);
      return `${on}${href.slice(publicUrl.length)}`;
    };
    const call = (method: string, url: string, body?: unknown) => h.call(method, passed(url), body);

    const created = await call('POST', `${publicUrl}/api/v1/workspaces/default/upload_sessions`, {});
    assert.equal(created.status, 201);
    const { session_id: id, documentation_url, aws_prefixed_request_config: form } = created.body;
    assert.equal((await call('GET', documentation_url)).status, 200);
    const root = await call('GET', `${publicUrl}/`);
    assert.equal((await call('GET', root.headers.get('location') ?? '')).status, 200);

    if (h.road !== 'direct') {
      const stored = await postFile({ ...form, url: h.server.url + passed(form.url) }, 'a b.txt', 'abc');
      assert.equal(stored.status, 204);
      assert.ok(stored.headers.get('location')?.startsWith(form.url));
    } else assert.equal((await postFile(form, 'a b.txt', 'abc')).status, 204);
    const session = `${publicUrl}/api/v1/workspaces/default/upload_sessions/${id}`;
    assert.equal((await call('PUT', session, { status: 'CLOSED' })).status, 204);
    await h.drain();
    assert.equal((await call('GET', (await call('GET', session)).body.documentation_url)).status, 200);

    const [file] = (await call('GET', `${publicUrl}/api/v1/workspaces/default/files`)).body.data;
    assert.equal((await call('GET', file.url)).body, 'abc');
    const openapi = (await call('GET', `${publicUrl}/openapi.json`)).body;
    assert.deepEqual(openapi.servers, [{ url: publicUrl }]);
  });
}
