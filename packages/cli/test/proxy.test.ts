import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort } from '../../../testing/server/free-port.ts';
import { startSluice } from '../../../testing/server/sluice-server.ts';
import { startSmallProxy } from '../../../testing/server/small-proxy.ts';
import { emptyFolder, sluiceFor } from '../../../testing/terminal/run-sluice.ts';

const server = await startSluice();
const sluice = sluiceFor(server);

test('the command line goes through HTTP_PROXY without being told to, with files as well', async () => {
  const proxy = await startSmallProxy();
  const folder = await emptyFolder();
  const env = { http_proxy: `http://${proxy.host}` };
  assert.equal((await sluice(['upload', import.meta.filename], env)).code, 0);
  const forms = proxy.asked.filter((one) => one.startsWith('POST') && !one.includes('/api/'));
  assert.equal(forms.length, 1);
  const before = proxy.asked.length;
  assert.equal(
    (await sluice(['download', '--file-dir', folder], { ...env, NO_PROXY: '127.0.0.0/8' })).code,
    0,
  );
  assert.equal(proxy.asked.length, before);
});

test('doctor says that it is the proxy that cannot be reached', async () => {
  const { code, stdout } = await sluice(['doctor'], {
    HTTP_PROXY: `http://u:secret@127.0.0.1:${await freePort()}`,
  });
  assert.equal(code, 4);
  assert.match(
    stdout,
    /FAILED {2}server .* the proxy http:\/\/127\.0\.0\.1:\d+ \(HTTP_PROXY\) cannot be reached/,
  );
  assert.doesNotMatch(stdout, /secret/);
});

test('a proxy of a kind that will not do is refused before anything is sent', async () => {
  const { code, stderr } = await sluice(['files', 'list'], { ALL_PROXY: 'socks5://127.0.0.1:1080' });
  assert.equal(code, 2);
  assert.equal(stderr, 'sluice: ALL_PROXY names a socks5 proxy; only http and https will do.\n');
});
