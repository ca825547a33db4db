import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { startHarness } from '../../../../testing/server/harness.ts';

// A file of its own: it waits for Node's clock, and others run meanwhile.
test('heads that do not arrive end their connections, and so do connections that send nothing', async (t) => {
  const { server } = await startHarness(t);
  const end = (sent: string): Promise<string> => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    t.after(() => socket.destroy());
    socket.write(sent);
    return text(socket);
  };
  const [nothing, half] = await Promise.all([end(''), end('GET /')]);
  assert.equal(nothing, '');
  assert.match(half, /^HTTP\/1.1 408 .*"code":"REQUEST_TIMEOUT"\}$/s);
});
