import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClientFromEnvironment, optionsFromEnvironment } from '../../src/node/index.ts';

const HOSTED = 'https://api.cloud.deepset.ai/api/v1';

test('CLI.4: the variables of the official SDK are read', () => {
  const environment = { API_URL: HOSTED, API_KEY: ' api_k ', DEFAULT_WORKSPACE_NAME: 'research' };
  const expected = { baseUrl: HOSTED, apiKey: 'api_k', workspaceName: 'research' };
  assert.deepEqual(optionsFromEnvironment({}, environment), expected);
});

test('what is given wins, and an empty variable is as none', () => {
  const environment = { API_URL: 'http://a', API_KEY: 'api_k', DEFAULT_WORKSPACE_NAME: ' ' };
  const options = optionsFromEnvironment({ baseUrl: 'http://b', timeoutMs: 5 }, environment);
  assert.deepEqual(options, { baseUrl: 'http://b', apiKey: 'api_k', workspaceName: 'default', timeoutMs: 5 });
});

test('what is missing is named, and no value is shown', () => {
  assert.throws(() => optionsFromEnvironment({}, { API_URL: ' ' }), {
    name: 'TypeError',
    message: 'Not set in the environment: API_URL, API_KEY',
  });
  assert.throws(() => optionsFromEnvironment({}, { API_URL: 'http://a' }), /environment: API_KEY$/);
});

test('AUT.4: a key that no header can carry is refused without being shown', () => {
  assert.throws(
    () => createClientFromEnvironment({}, { API_URL: 'http://a', API_KEY: 'secret\nkey' }),
    (error: Error) => error instanceof TypeError && !error.message.includes('secret'),
  );
});

test('requests go below the hosted base URL, to the default workspace', async () => {
  const asked: string[] = [];
  const answering: typeof fetch = async (url) => {
    asked.push(String(url));
    return Response.json({ data: [], has_more: false, total: 0 });
  };
  const client = createClientFromEnvironment({ fetch: answering }, { API_URL: HOSTED, API_KEY: 'api_k' });
  const workspace = client.inWorkspace();
  assert.equal(workspace.workspaceName, 'default');
  await workspace.uploadSessions.list();
  await client.inWorkspace('other').files.list({ limit: 1 });
  assert.deepEqual(asked, [
    `${HOSTED}/workspaces/default/upload_sessions`,
    `${HOSTED}/workspaces/other/files?limit=1`,
  ]);
});
