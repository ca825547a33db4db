import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_API_URL, type GivenSettings, readSettings } from '../src/settings.ts';

type Env = Record<string, string>;

const READ: [string, GivenSettings, Env, ReturnType<typeof readSettings>][] = [
  ['nothing', {}, {}, { apiUrl: DEFAULT_API_URL, apiKey: undefined, workspaceName: 'default' }],
  [
    'the environment',
    {},
    { API_URL: 'https://a.example/api/v1', API_KEY: 'api_1', DEFAULT_WORKSPACE_NAME: 'w w' },
    { apiUrl: 'https://a.example/api/v1', apiKey: 'api_1', workspaceName: 'w w' },
  ],
  [
    'options before the environment',
    { apiUrl: 'http://b.example', apiKey: 'api_2', workspaceName: 'x' },
    { API_URL: 'https://a.example', API_KEY: 'api_1', DEFAULT_WORKSPACE_NAME: 'w' },
    { apiUrl: 'http://b.example', apiKey: 'api_2', workspaceName: 'x' },
  ],
  [
    'empty variables as none, and the line end of a key file dropped',
    {},
    { API_URL: ' ', API_KEY: 'api_1\r\n', DEFAULT_WORKSPACE_NAME: '' },
    { apiUrl: DEFAULT_API_URL, apiKey: 'api_1', workspaceName: 'default' },
  ],
];

for (const [title, given, env, settings] of READ) {
  test(`reads ${title}`, () => assert.deepEqual(readSettings(given, env), settings));
}

const REFUSED: [string, Env, RegExp][] = [
  ['a key within which a line ends', { API_KEY: 'secret\nsecret' }, /^The API key .* holds blanks/],
  ['a key no header can carry', { API_KEY: 'secret–' }, /^The API key/],
  ['a URL that is none', { API_URL: 'secret' }, /^The API URL .* must start with http/],
  ['another protocol', { API_URL: 'ftp://secret' }, /must start with http/],
  ['a password in the URL', { API_URL: 'https://me:secret@a.example' }, /must not hold a user name/],
];

for (const [title, env, message] of REFUSED) {
  test(`AUT.4: refuses ${title}, and shows nothing of it`, () => {
    assert.throws(
      () => readSettings({}, env),
      (error: Error) =>
        error.name === 'UsageError' && message.test(error.message) && !error.message.includes('secret'),
    );
  });
}
