import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { COMPILE_CACHE } from '../../../../testing/server/compile-cache.ts';
import { API_KEY, IN_PRODUCTION, startHarness, temporaryFolder } from '../../../../testing/server/harness.ts';
import { EARLY_ANSWERS, firstAnswer, send } from './early-answers.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** What keeps the process awake, by kind. */
const handles = (): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return { Timeout: counts.Timeout ?? 0, TCPSocketWrap: counts.TCPSocketWrap ?? 0 };
};

test('an early answer leaves no timer and no connection behind', async (t) => {
  const { server, road } = await startHarness(t);
  for (const [what, { sent, status, half }] of Object.entries(EARLY_ANSWERS)) {
    // Elsewhere the bucket has another name, or is not asked for here.
    if (road !== 'embedded' && sent.includes('sluice-user-files-upload')) continue;
    await t.test(`${what}: ${status}`, async () => {
      const before = handles();
      for (let times = 0; times < 5; times++) {
        const socket = send(server.url, sent, half);
        const { status: answered, rest } = await firstAnswer(socket);
        assert.equal(answered, status, rest);
        if (rest.startsWith('{"detail"')) assert.match(rest, /^\{"detail":"[^"]+","code":"[A-Z_]+"\}/);
        else assert.match(rest, /^$|^<\?xml|^\{"status":"ready"\}$/);
        socket.destroy();
        if (!socket.closed) await once(socket, 'close');
      }
      // The server hears of the end a few turns later.
      const open = () => handles().TCPSocketWrap !== before.TCPSocketWrap;
      for (let turns = 0; turns < 10_000 && open(); turns++) await turn();
      assert.deepEqual(handles(), before);
    });
  }
});

const startProcess = async (t: TestContext) => {
  const h = IN_PRODUCTION ? await startHarness(t) : undefined;
  const storage = h?.storageSettings ?? { SLUICE_DATA_DIR: await temporaryFolder(t) };
  const env = {
    ...COMPILE_CACHE,
    ...storage,
    SLUICE_PORT: '0',
    SLUICE_API_KEY: API_KEY,
    SLUICE_LOG_LEVEL: 'silent',
  };
  const child = spawn(process.execPath, [MAIN, 'serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, url: line.slice(line.indexOf('http')).trim() };
};

const UPLOAD = `POST /api/v1/workspaces/default/files HTTP/1.1\r\nHost: sluice\r\nAuthorization: Bearer ${API_KEY}\r\n`;

test('a server that gave every early answer, and whose clients still hold on, stops all the same', async (t) => {
  const { child, url } = await startProcess(t);
  for (const { sent, half } of Object.values(EARLY_ANSWERS)) {
    for (const leaves of [true, false]) {
      const socket = send(url, sent, half);
      if (!sent.includes('sluice-user-files-upload') || !IN_PRODUCTION) await firstAnswer(socket);
      if (leaves) socket.destroy();
      else t.after(() => socket.destroy());
    }
  }
  const held: Socket[] = [
    send(url, ''),
    send(url, 'GET /rea'),
    send(url, 'GET /ready HTTP/1.1\r\nHost: sluice\r\n\r\n'),
    send(
      url,
      `${UPLOAD}Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000\r\n\r\n--b\r\nContent-Disp`,
    ),
    send(
      url,
      'POST /sluice-user-files-upload HTTP/1.1\r\nHost: sluice\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000\r\n\r\n--b\r\nContent-Disp',
    ),
  ];
  t.after(() => {
    for (const socket of held) socket.destroy();
  });
  await fetch(`${url}/ready`); // what was sent before has arrived by now
  const asked = performance.now();
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
  const milliseconds = Math.round(performance.now() - asked);
  t.diagnostic(`stopped within ${milliseconds} ms`);
  // Far from the 15 s that requests in flight get, and no more than a supervisor waits.
  assert.ok(milliseconds < 10_000, `${milliseconds} ms`);
});
