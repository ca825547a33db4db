import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from '@sluice/client/node';
import { freePort } from '../../../testing/server/free-port.ts';
import { startSluice } from '../../../testing/server/sluice-server.ts';
import { sluiceFor } from '../../../testing/terminal/run-sluice.ts';
import { runHere } from './run-here.ts';

const server = await startSluice();
const client = createClient(server);
const nowhere = `http://127.0.0.1:${await freePort()}`;
const sluice = sluiceFor(server);

const NO_ID = '019a3f0e-0000-7000-8000-000000000000';
const uploaded = await client.uploadFiles('default', [
  { name: 'toll tariff.csv', body: '1,2', meta: { category: 'tolls', year: 2026 } },
  { name: 'minutes/march.md', body: '# March', meta: { category: 'minutes' } },
  { name: 'empty.txt', body: '' },
]);
const session = uploaded.sessionId ?? '';
const [tariff, march] = uploaded.results.map(({ fileId }) => fileId ?? '');
const expiring = await client.uploadSessions.create('default', { write_mode: 'FAIL' });
await client.workspaces.create('to be filled');
await client.uploadFiles('to be filled', [{ name: 'a', body: 'a' }]);

type Row = {
  title: string;
  args: string[];
  env?: Record<string, string>;
  code: number;
  stdout?: RegExp;
  stderr?: RegExp;
};

const TIME = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ';
const UUID = '[0-9a-f]{8}-[0-9a-f-]{27}';
const ROWS: Row[] = [
  {
    title: 'files list: a row each, tabs between',
    args: ['files', 'list'],
    code: 0,
    stdout: new RegExp(`^${UUID}\t3\t${TIME}\ttoll tariff.csv\n${UUID}\t7\t${TIME}\tminutes/march.md\n$`),
  },
  {
    title: 'files list narrows by filter and name',
    args: ['files', 'list', '--filter', "category eq 'tolls'", '--name', 'tariff', '--json'],
    code: 0,
    stdout: /^\{[^\n]*"name":"toll tariff.csv"[^\n]*\}\n$/,
  },
  {
    title: 'files list says where a filter asks for what no file has, once, and beside the rows',
    args: ['files', 'list', '--filter', "categry ne 'x' and categry ne 'y'", '--batch-size', '1', '--json'],
    code: 0,
    stdout: /^\{[^\n]*tariff.csv[^\n]*\}\n\{[^\n]*march.md[^\n]*\}\n$/,
    stderr: /^sluice: note: No file has a value under the key "categry"\. Did you mean "category"\?\n$/,
  },
  {
    title: 'users list: a row each',
    args: ['users', 'list'],
    code: 0,
    stdout: new RegExp(`^${UUID}\tADMIN\t[^\t\n]+\n$`),
  },
  {
    title: 'users list with those that are left out',
    args: ['users', 'list', '--include-external', '--include-deleted', '--json'],
    code: 0,
    stdout: /^\{"user_id":[^\n]*\}\n$/,
  },
  {
    title: 'files list stops at the limit',
    args: ['files', 'list', '--limit', '1'],
    code: 0,
    stdout: /^[^\n]*tariff.csv\n$/,
  },
  {
    title: 'files show finds the row, whatever the folder in its name',
    args: ['files', 'show', march ?? ''],
    code: 0,
    stdout:
      /^file_id +\S+\nname +minutes\/march.md\nsize +7\ncreated_at +\S+\nmeta +\{"category":"minutes"\}\n$/,
  },
  {
    title: 'files show of no file',
    args: ['files', 'show', NO_ID],
    code: 3,
    stderr: /^sluice: File not found \(404\)\.\n$/,
  },
  {
    title: 'options may come before the command',
    args: ['--json', 'sessions', 'show', session],
    code: 0,
    stdout: /^\{.*"finished_files":2.*\}\n$/,
  },
  {
    title: 'sessions list, the newest first',
    args: ['sessions', 'list'],
    code: 0,
    stdout: new RegExp(`^${expiring.session_id}\tOPEN\tFAIL\t${TIME}\t${TIME}\n${session}\tCLOSED\tKEEP\t`),
  },
  {
    title: 'sessions list stops at the limit',
    args: ['sessions', 'list', '--limit', '1'],
    code: 0,
    stdout: new RegExp(`^${expiring.session_id}\t[^\n]*\n$`),
  },
  {
    title: 'sessions files stops at the limit',
    args: ['sessions', 'files', session, '--limit', '2', '--batch-size', '1'],
    code: 0,
    stdout: /^[^\n]*\n[^\n]*\n$/,
  },
  {
    title: 'workspaces list stops at the limit',
    args: ['workspaces', 'list', '--limit', '1'],
    code: 0,
    stdout: new RegExp(`^${UUID}\tdefault\n$`),
  },
  {
    title: 'an id that is none, of a session',
    args: ['sessions', 'show', 'yesterday'],
    code: 3,
    stderr:
      /^sluice: <id> must be the id of a session, such as \S+ \(sluice sessions list shows them\); it is "yesterday" \(422\)\.\n$/,
  },
  {
    title: 'an id that is none, of a file',
    args: ['files', 'meta', 'x', '--set', 'a=1'],
    code: 3,
    stderr: /^sluice: <id> must be the id of a file, .*; it is "x" \(422\)\.\n$/,
  },
  {
    title: 'AUT.4: a key in place of an id is not shown',
    args: ['tokens', 'delete', server.apiKey],
    code: 3,
    stderr: /^sluice: <id> must be the id of an API key, .*; it is a text of \d+ characters \(422\)\.\n$/,
  },
  {
    title: 'an id to resume that is none',
    args: ['upload', import.meta.filename, '--resume', 'x'],
    code: 3,
    stdout: /^Waiting for session x/,
    stderr: /^sluice: --resume must be the id of a session, .*; it is "x" \(422\)\.\n$/,
  },
  {
    title: 'a workspace that is not there',
    args: ['sessions', 'list', '--workspace-name', 'nowhere'],
    code: 3,
    stderr:
      /^sluice: Workspace "nowhere" not found; sluice workspaces list shows those there are \(404\)\.\n$/,
  },
  {
    title: 'a workspace name that cannot be',
    args: ['workspaces', 'create', 'ab'],
    code: 3,
    stderr: /^sluice: <name>: A workspace name has .*; it is "ab" \(400\)\.\n$/,
  },
  {
    title: 'sessions list of expired ones',
    args: ['sessions', 'list', '--is-expired'],
    code: 0,
    stdout: /^$/,
  },
  {
    title: 'sessions show',
    args: ['sessions', 'show', session],
    code: 0,
    stdout:
      /^session_id +\S+\nstatus +CLOSED\n(.*\n)*total_files +3\npending_files +0\nfinished_files +2\nfailed_files +1\n$/,
  },
  {
    title: 'sessions files by status, in whatever case',
    args: ['sessions', 'files', session, '--status', 'failed'],
    code: 0,
    stdout: /^FAILED\t-\tEMPTY_FILE\tempty.txt\tThe file has no content\.\n$/,
  },
  {
    title: 'sessions watch of one that is through tells that a file failed',
    args: ['sessions', 'watch', session],
    code: 1,
    stdout: /^CLOSED, ingested: 0 pending, 2 finished, 1 failed\n$/,
  },
  {
    title: 'LIF.1: sessions close of a closed one is refused',
    args: ['sessions', 'close', session],
    code: 3,
    stderr: /^sluice: .*closed already \(409\)\.\n$/,
  },
  {
    title: 'workspaces delete keeps one with files',
    args: ['workspaces', 'delete', 'to be filled'],
    code: 2,
    stderr: /^sluice: Workspace to be filled holds 1 file; --yes deletes them with it\.\n$/,
  },
  {
    title: 'workspaces list',
    args: ['workspaces', 'list'],
    code: 0,
    stdout: new RegExp(`^${UUID}\tdefault\n${UUID}\tto be filled\n$`),
  },
  {
    title: 'workspaces show of the default one',
    args: ['workspaces', 'show'],
    code: 0,
    stdout: /^workspace_id +\S+\nname +default\nfile_count +2\n$/,
  },
  {
    title: 'the names of the official command line',
    args: ['list-files', '--odata-filter', 'year eq 2026', '--batch-size', '1', '--timeout-s', '60'],
    code: 0,
    stdout: /^[^\n]*toll tariff.csv\n$/,
  },
  {
    title: 'files meta shows it',
    args: ['files', 'meta', march ?? '', '--json'],
    code: 0,
    stdout: /^\{"category":"minutes"\}\n$/,
  },
  {
    title: 'sessions watch ends with its time, and says what state the session is in',
    args: ['sessions', 'watch', expiring.session_id, '--timeout-s', '1'],
    code: 4,
    stdout: /^OPEN: 0 pending, 0 finished, 0 failed\n$/,
    stderr: /^sluice: It took longer than --timeout-s allows\.\nsluice: Session \S+ is open with 0 files/,
  },
  {
    title: 'workspaces create under a taken name',
    args: ['workspaces', 'create', 'default'],
    code: 3,
    stderr: /\(409\)\.\n$/,
  },
  {
    title: 'doctor finds all well',
    args: ['doctor'],
    code: 0,
    stdout:
      /^ok +server +http.* \(from the environment\)\nok +key +it belongs to .*\nok +workspace +default holds 2 files \(from the defaults\)\n$/,
  },
  {
    title: 'doctor finds no server',
    args: ['doctor', '--api-url', nowhere],
    code: 4,
    stdout: /^FAILED +server +No answer from .*ECONNREFUSED.*\n$/,
  },
  {
    title: 'doctor finds the key wrong',
    args: ['doctor'],
    env: { API_KEY: 'api_of-somebody-else' },
    code: 3,
    stdout: /^ok +server .*\nFAILED +key +.*\(401\).*\n$/,
  },
  {
    title: 'doctor finds no key',
    args: ['doctor'],
    env: { API_KEY: '' },
    code: 2,
    stdout: /^ok +server .*\nFAILED +key +There is none.*\n$/,
  },
  {
    title: 'doctor finds no workspace',
    args: ['doctor', '--json'],
    env: { DEFAULT_WORKSPACE_NAME: 'elsewhere' },
    code: 3,
    stdout: /^(\{.*"ok":true.*\}\n){2}\{"check":"workspace","ok":false,.*404.*\}\n$/,
  },
  {
    title: 'no server',
    args: ['files', 'list', '--api-url', nowhere],
    code: 4,
    stderr: /^sluice: No answer from .*\n$/,
  },
  {
    title: 'AUT.1: a wrong key',
    args: ['tokens', 'list'],
    env: { API_KEY: 'api_of-somebody-else' },
    code: 3,
    stderr: /^sluice: .*\(401\)\..*\n$/,
  },
  {
    title: 'a filter nobody can read',
    args: ['files', 'list', '--filter', 'a eq'],
    code: 3,
    stderr: /^sluice: query\.filter: .* \(422\)\.\n$/,
  },
];

// In this process: a start takes longer than a command. Those below are processes.
test('CLI.2: every command says what it found and ends with its code', async (t) => {
  for (const row of ROWS) {
    await t.test(`${row.title}: ${row.args[0]} ends with ${row.code}`, async () => {
      const settings = { API_URL: server.baseUrl, API_KEY: server.apiKey, ...row.env };
      const { code, stdout, stderr } = await runHere(row.args, settings);
      assert.match(stderr, row.stderr ?? /^$/);
      assert.match(stdout, row.stdout ?? /^$/);
      assert.equal(code, row.code);
      for (const key of [server.apiKey, row.env?.API_KEY]) {
        if (key) assert.ok(!(stdout + stderr).includes(key), 'AUT.4: the key is nowhere');
      }
    });
  }
});

test('files meta sets keys to JSON or text, and deletes them', async () => {
  const set = ['--set', 'year=2027', '--set', 'note=a=b', '--set', 'by={"name":"x"}', '--unset', 'category'];
  const { code, stdout } = await sluice(['files', 'meta', tariff ?? '', ...set]);
  assert.equal(code, 0);
  const expected = { year: 2027, note: 'a=b', by: { name: 'x' } };
  assert.deepEqual(JSON.parse(stdout), expected);
  assert.deepEqual(await client.files.metadata('default', tariff ?? ''), expected);
});

test('files delete goes on behind a file that is gone, and tells of it', async () => {
  const { code, stdout, stderr } = await sluice(['files', 'delete', NO_ID, tariff ?? '']);
  assert.equal(stdout, `failed   ${NO_ID}  File not found\ndeleted  ${tariff}\n`);
  assert.equal(stderr, '');
  assert.equal(code, 1);
  assert.equal((await client.files.list('default')).total, 1);
});

test('workspaces delete takes the files along when told so', async () => {
  const { code, stdout } = await sluice(['workspaces', 'delete', 'to be filled', '--yes', '--json']);
  assert.deepEqual(JSON.parse(stdout), { name: 'to be filled', deleted: true, file_count: 1 });
  assert.equal(code, 0);
  assert.deepEqual(
    (await client.workspaces.list()).map(({ name }) => name),
    ['default'],
  );
});

test('tokens create prints a key that works, and tokens delete ends it', async () => {
  const created = await sluice(['tokens', 'create', '--name', 'nightly', '--workspace', 'default']);
  const apiKey = created.stdout.trim();
  const found = await createClient({ ...server, apiKey }).files.list('default');
  assert.equal(found.total, 1);

  const listed = await sluice(['tokens', 'list']);
  assert.ok(!listed.stdout.includes(apiKey));
  const [id] = /^\S+(?=\tMEMBER\t\S+\tnever\tnightly$)/m.exec(listed.stdout) ?? [];
  assert.equal((await sluice(['tokens', 'delete', id ?? ''])).code, 0);
  await assert.rejects(createClient({ ...server, apiKey }).files.list('default'), { status: 401 });
});

test('an upload key logs in, is checked, and reads nothing; it goes with the key that made it', async () => {
  const maker = await client.tokens.create({ name: 'maker' });
  const made = await sluice(['tokens', 'create', '--permission', 'sessions:WRITE'], {
    API_KEY: maker.api_token,
  });
  const upload = { API_KEY: made.stdout.trim() };
  const checked = await sluice(['doctor'], upload);
  assert.match(checked.stdout, /^ok +workspace +default is there/m);
  assert.equal(checked.code, 0);
  assert.equal((await sluice(['files', 'list'], upload)).code, 3);
  const wrong = await sluice(['tokens', 'create', '--permission', 'read']);
  assert.deepEqual([wrong.code, /--permission must be one of sessions:write/.test(wrong.stderr)], [2, true]);
  const deleted = await sluice(['tokens', 'delete', maker.api_token_id, '--with-children']);
  assert.match(deleted.stdout, /is gone, with those that were made with it\.$/m);
  assert.equal((await sluice(['doctor'], upload)).code, 3);
});
