import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_API_URL, readSettings, type SettingSource } from '../../src/settings/settings.ts';

const A = 'https://a.example/api/v1';
const OPTIONS = { name: 'options', apiUrl: 'http://b.example', apiKey: 'api_b', workspaceName: 'b' };
const ENVIRONMENT = { name: 'environment', apiUrl: A, apiKey: 'api_a', workspaceName: 'a a' };
const LOGIN = { name: 'login', bound: true, apiUrl: A, apiKey: 'api_login', workspaceName: 'kept' } as const;

const FOLDER = { name: '.env', foreign: true, apiUrl: 'https://evil.example' } as const;

type Read = { apiUrl: string; apiKey: string | undefined; workspaceName: string };

const READ: [title: string, sources: SettingSource[], expected: Read][] = [
  ['nothing', [], { apiUrl: DEFAULT_API_URL, apiKey: undefined, workspaceName: 'default' }],
  ['one source', [ENVIRONMENT], { apiUrl: A, apiKey: 'api_a', workspaceName: 'a a' }],
  [
    'the first that has it',
    [{ name: 'options', apiKey: 'api_b' }, ENVIRONMENT, LOGIN],
    { apiUrl: A, apiKey: 'api_b', workspaceName: 'a a' },
  ],
  [
    'all of the first',
    [OPTIONS, ENVIRONMENT, LOGIN],
    { apiUrl: 'http://b.example', apiKey: 'api_b', workspaceName: 'b' },
  ],
  [
    'empty texts as none, and the line end of a key file dropped',
    [{ name: 'environment', apiUrl: ' ', apiKey: 'api_1\r\n', workspaceName: '' }],
    { apiUrl: DEFAULT_API_URL, apiKey: 'api_1', workspaceName: 'default' },
  ],
  ['a login', [LOGIN], { apiUrl: A, apiKey: 'api_login', workspaceName: 'kept' }],
  [
    'a login for its address, however that is written',
    [{ name: '.env', apiUrl: 'https://a.example/' }, LOGIN],
    { apiUrl: 'https://a.example/', apiKey: 'api_login', workspaceName: 'kept' },
  ],
  [
    'AUT.4: no login for another address, so that no folder can have a stored key sent elsewhere',
    [{ name: '.env', apiUrl: 'https://evil.example' }, LOGIN],
    { apiUrl: 'https://evil.example', apiKey: undefined, workspaceName: 'default' },
  ],
  [
    'a folder that gives both',
    [{ ...FOLDER, apiKey: 'api_folder' }],
    { apiUrl: 'https://evil.example', apiKey: 'api_folder', workspaceName: 'default' },
  ],
  [
    'a folder that names the address of the login',
    [{ ...FOLDER, apiUrl: A }, LOGIN],
    { apiUrl: A, apiKey: 'api_login', workspaceName: 'kept' },
  ],
  [
    'the key of a folder for an address the user gives',
    [
      { name: 'options', apiUrl: A },
      { ...FOLDER, apiKey: 'api_folder' },
    ],
    { apiUrl: A, apiKey: 'api_folder', workspaceName: 'default' },
  ],
];

for (const [title, sources, expected] of READ) {
  test(`reads ${title}`, () => {
    const { from, ...settings } = readSettings(sources);
    assert.deepEqual(settings, expected);
    assert.equal(from.apiKey === null, expected.apiKey === undefined);
  });
}

for (const name of ['options', 'environment']) {
  test(`AUT.4: no key from the ${name} for an address that came with a folder, and it says what to do`, () => {
    assert.throws(() => readSettings([{ name, apiKey: 'api_a' }, FOLDER, LOGIN]), {
      name: 'UsageError',
      message:
        `The API URL comes from .env, the API key from ${name}: if that address is to have the key, ` +
        'give it with --api-url, or as API_URL in the environment.',
    });
  });
}

test('says where each setting comes from', () => {
  const { from } = readSettings([
    { name: 'options', workspaceName: 'x' },
    { name: '.env', apiUrl: A },
    LOGIN,
  ]);
  assert.deepEqual(from, { apiUrl: '.env', apiKey: 'login', workspaceName: 'options' });
});

const REFUSED: [string, Omit<SettingSource, 'name'>, RegExp][] = [
  ['a key within which a line ends', { apiKey: 'secret\nsecret' }, /^The API key .* holds blanks/],
  ['a key no header can carry', { apiKey: 'secret–' }, /^The API key/],
  ['a URL that is none', { apiUrl: 'secret' }, /^The API URL .* must start with http/],
  ['another protocol', { apiUrl: 'ftp://secret' }, /must start with http/],
  ['a password in the URL', { apiUrl: 'https://me:secret@a.example' }, /must not hold a user name/],
];

for (const [title, values, message] of REFUSED) {
  test(`AUT.4: refuses ${title}, and shows nothing of it`, () => {
    assert.throws(
      () => readSettings([{ name: 'environment', ...values }]),
      (error: Error) =>
        error.name === 'UsageError' && message.test(error.message) && !error.message.includes('secret'),
    );
  });
}
