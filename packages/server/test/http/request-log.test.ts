import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import pino from 'pino';
import { API_KEY, temporaryFolder } from '../../../../testing/server/harness.ts';
import { startServer } from '../../src/app.ts';
import { loggedError } from '../../src/logged-error.ts';
import { readConfig } from '../../src/settings/config.ts';

const startLogging = async (t: TestContext) => {
  const lines: string[] = [];
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  const result = readConfig({
    SLUICE_DATA_DIR: await temporaryFolder(t),
    SLUICE_PORT: '0',
    SLUICE_API_KEY: API_KEY,
  });
  if ('problems' in result) throw new Error(result.problems.join());
  const log = pino({ level: 'trace', base: null, serializers: { err: loggedError } }, sink);
  const server = await startServer({ config: result.config, log, version: 'test' });
  t.after(server.close);
  return { server, lines };
};

const SECRET = 'S3cret';
const ID = '0123abcd-1234-5678-9abc-def012345678';

test('the log has paths, ids and names of parameters, and nothing of what was sent in them', async (t) => {
  const { server, lines } = await startLogging(t);
  const ask = async (method: string, path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json', 'x-a': SECRET };
    const answer = await fetch(server.url + path, { method, headers, ...init });
    await answer.arrayBuffer();
  };
  await ask(
    'GET',
    `/api/v1/workspaces/default/files?filter=a+eq+'${SECRET}'&limit=3&${SECRET}=1&api_${SECRET}`,
  );
  await ask('GET', `/api/v1/workspaces/default/files/${ID}?token=${API_KEY}`);
  await ask('GET', `/api/v1/workspaces/${API_KEY}/files`);
  await ask('DELETE', `/api/v1/token/${API_KEY}`);
  await ask('DELETE', `/api/v1/token/Bearer%20${API_KEY}`);
  await ask('GET', `/api/v1/users/${SECRET}`);
  await ask('GET', `/api/v1/workspaces/Bearer%20${API_KEY}/files`);
  await ask('GET', `/api/v1/nothing/${SECRET}?a=${SECRET}`);
  await ask('PUT', `/api/v1/me?a=${SECRET}`);
  await ask('GET', `/api/v1/workspaces/%zz/${SECRET}`);
  await ask('POST', '/api/v1/token', { body: `{"name":"${SECRET}","workspaces":["${SECRET}"]}` });
  await ask('POST', '/api/v1/token', { body: `{"name":${SECRET}` });
  await ask('POST', '/sluice-user-files-upload', { body: SECRET });
  await ask('GET', `/sluice-user-files-upload/${SECRET}?X-Amz-Signature=${SECRET}`);
  const telling = lines.filter((line) => line.includes(SECRET) || line.includes(API_KEY));
  assert.deepEqual(telling, []);
  const requests = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request');
  assert.deepEqual(
    requests.slice(0, 3).map(({ method, path, query }) => ({ method, path, query })),
    [
      { method: 'GET', path: '/api/v1/workspaces/default/files', query: ['filter', 'limit'] },
      { method: 'GET', path: `/api/v1/workspaces/default/files/${ID}`, query: undefined },
      { method: 'GET', path: '/api/v1/workspaces/…/files', query: undefined },
    ],
  );
});

test('of an error the log has kind, words, code, stack and causes, and nothing that hangs on it', () => {
  const cause = Object.assign(new TypeError('inner'), { code: '23505', detail: `Key (name)=(${SECRET})` });
  const logged = loggedError(Object.assign(new Error('outer', { cause }), { parameters: [SECRET] }));
  assert.ok(!JSON.stringify(logged).includes(SECRET));
  assert.partialDeepStrictEqual(logged, {
    type: 'Error',
    message: 'outer',
    cause: { type: 'TypeError', message: 'inner', code: '23505' },
  });
});
