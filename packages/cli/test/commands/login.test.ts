import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { test } from 'node:test';
import { freePort } from '../../../../testing/server/free-port.ts';
import { startSluice } from '../../../../testing/server/sluice-server.ts';
import { emptyFolder } from '../../../../testing/terminal/run-sluice.ts';
import { runCli } from '../../src/run-cli.ts';
import type { Surroundings } from '../../src/surroundings.ts';

const server = await startSluice();

type Run = Partial<Pick<Surroundings, 'env' | 'cwd' | 'home' | 'stdin' | 'signal'>>;

const run = async (args: string[], { env = {}, ...around }: Run = {}) => {
  const printed = { stdout: '', stderr: '' };
  const screen = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      printed[name] += text;
    },
  });
  const code = await runCli({
    args,
    env,
    stdout: screen('stdout'),
    stderr: screen('stderr'),
    version: '1.2.3',
    cwd: '/nowhere',
    home: '/nowhere',
    stdin: Readable.from([]),
    signal: new AbortController().signal,
    ...around,
  });
  assert.ok(!(printed.stdout + printed.stderr).includes(server.apiKey), 'AUT.4: the key is never shown');
  return { code, ...printed };
};

const piped = (text: string) => Readable.from([text]);

test('AUT.4: login keeps the key where only its owner reads it, and it is used from then on', async () => {
  const home = await emptyFolder();
  const stdin = piped(`${server.apiKey}\nanother line\n`);
  const { code, stdout, stderr } = await run(['login', '--api-url', server.baseUrl], { home, stdin });
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(
    stdout,
    /^Logged in to http\S+ as Sluice Administrator of default\.\nWorkspace default holds 0 files/,
  );
  const folder = join(home, '.config', 'sluice');
  assert.deepEqual(await readdir(folder), ['login.json']);
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
  assert.equal((await stat(join(folder, 'login.json'))).mode & 0o777, 0o600);

  const doctor = await run(['doctor'], { home });
  assert.equal(doctor.code, 0);
  assert.match(
    doctor.stdout,
    /^ok +server +\S+ answers \(from the login\)\nok +key .* \(from the login\)\nok +workspace/,
  );
  assert.match((await run(['doctor'], { home, env: { API_KEY: 'api_other' } })).stdout, /FAILED +key /);

  const out = await run(['logout'], { home });
  assert.equal(out.stdout, `${join(folder, 'login.json')} is gone.\n`);
  assert.deepEqual(await readdir(folder), []);
  assert.equal((await run(['logout'], { home })).stdout, 'Nobody was logged in.\n');
  assert.equal((await run(['files', 'list'], { home })).code, 2);
});

test('login tightens a folder and a file that were open to others, and honours XDG_CONFIG_HOME', async () => {
  const config = await emptyFolder();
  await mkdir(join(config, 'sluice'), { mode: 0o755 });
  await writeFile(join(config, 'sluice', 'login.json'), '{}', { mode: 0o644 });
  await writeFile(join(config, 'sluice', 'login.json.new'), '', { mode: 0o644 });
  const args = ['login', '--api-url', server.baseUrl, '--api-key', server.apiKey];
  const { code } = await run(args, { env: { XDG_CONFIG_HOME: config } });
  assert.equal(code, 0);
  assert.equal((await stat(join(config, 'sluice'))).mode & 0o777, 0o700);
  assert.equal((await stat(join(config, 'sluice', 'login.json'))).mode & 0o777, 0o600);
});

test('login keeps nothing that does not work', async () => {
  const nowhere = `http://127.0.0.1:${await freePort()}`;
  const wrong: [args: string[], code: number, said: RegExp][] = [
    [['--api-url', nowhere, '--api-key', 'api_x'], 4, /No answer from/],
    [['--api-url', server.baseUrl, '--api-key', 'api_x'], 3, /\(401\)/],
    [['--api-url', server.baseUrl, '--api-key', server.apiKey, '--workspace-name', 'none'], 3, /\(404\)/],
  ];
  for (const [args, code, said] of wrong) {
    const home = await emptyFolder();
    const ended = await run(['login', ...args], { home });
    assert.equal(ended.code, code);
    assert.match(ended.stderr, said);
    assert.deepEqual(await readdir(home), []);
  }
});

/** A terminal somebody types at: the next line as each question comes. */
const typing = (lines: string[]) => {
  const modes: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (raw: boolean) => modes.push(raw),
  });
  let shown = '';
  const stderr = {
    write: (text: string) => {
      shown += text;
      if (/: $/.test(text) && lines.length > 0) setImmediate(() => stdin.write(lines.shift()));
    },
  };
  return { stdin, stderr, modes, shown: () => shown };
};

const loginBy = async (
  { stdin, stderr }: Pick<ReturnType<typeof typing>, 'stdin' | 'stderr'>,
  { home, cwd = '/nowhere' }: { home: string; cwd?: string },
): Promise<{ code: number; stdout: string }> => {
  let stdout = '';
  const code = await runCli({
    args: ['login'],
    env: {},
    version: '',
    cwd,
    home,
    stdin,
    stderr,
    stdout: { write: (text: string) => (stdout += text) },
    signal: new AbortController().signal,
  });
  return { code, stdout };
};

test('AUT.4: login asks at a terminal, and shows nothing of the key while it is typed', async () => {
  const home = await emptyFolder();
  const { stdin, stderr, shown, modes } = typing([`${server.baseUrl}\r`, `${server.apiKey}\r`, '\r']);
  const { code, stdout } = await loginBy({ stdin, stderr }, { home });
  assert.equal(code, 0, shown());
  assert.ok(shown().includes('API key (it is not shown): '));
  assert.ok(shown().includes('Workspace [default]: '));
  assert.ok(!(shown() + stdout).includes(server.apiKey));
  assert.equal(modes.at(-1), false, 'the terminal is left as it was');
  const kept = JSON.parse(await readFile(join(home, '.config', 'sluice', 'login.json'), 'utf8'));
  assert.deepEqual(kept, { api_url: server.baseUrl, api_key: server.apiKey, workspace_name: 'default' });
});

test('CLI.2: Ctrl-C while login asks ends it with 130 and keeps nothing', async () => {
  const home = await emptyFolder();
  const { stdin, stderr } = typing([`${server.baseUrl}\r`, '\u0003']);
  const { code } = await loginBy({ stdin, stderr }, { home });
  assert.equal(code, 130);
  assert.deepEqual(await readdir(home), []);
});

test('CLI.2: Ctrl-C ends it too while the key is to come through a pipe', async () => {
  const home = await emptyFolder();
  const [stdin, interrupted] = [new PassThrough(), new AbortController()];
  stdin.once('resume', () => interrupted.abort());
  const { code, stderr } = await run(['login'], { home, stdin, signal: interrupted.signal });
  assert.deepEqual([code, stderr], [130, 'sluice: Interrupted.\n']);
  assert.ok(stdin.destroyed, 'it does not keep the process');
});

test('AUT.4: a folder cannot name the address a key goes to, be it set or piped', async () => {
  const cwd = await emptyFolder();
  await writeFile(join(cwd, '.env'), 'API_URL=https://evil.example\n');
  const set = await run(['files', 'list'], { cwd, env: { API_KEY: server.apiKey } });
  assert.match(set.stderr, /^sluice: The API URL comes from \.env in this folder, the API key from the env/);
  const login = await run(['login'], { cwd, stdin: piped(`${server.apiKey}\n`) });
  assert.match(login.stderr, /, the API key from standard input: /);
  assert.deepEqual([set.code, login.code], [2, 2]);
  const named = await run(['doctor'], { cwd, env: { API_KEY: server.apiKey, API_URL: server.baseUrl } });
  assert.equal(named.code, 0);
});

test('what needs no settings takes no offence at them', async () => {
  const cwd = await emptyFolder();
  await writeFile(join(cwd, '.env'), 'API_URL=nonsense\n');
  assert.equal((await run(['completion', 'bash'], { cwd })).code, 0);
  assert.equal((await run(['logout'], { cwd, home: cwd })).code, 0);
  assert.equal((await run(['files', 'list'], { cwd })).code, 2);
});

test('a question shows what a folder sets as text, whatever it holds', async () => {
  const cwd = await emptyFolder();
  await writeFile(join(cwd, '.env'), 'API_URL="http://a/\u001b[2J/"\n');
  const { stdin, stderr, shown } = typing(['\u0003']);
  await loginBy({ stdin, stderr }, { home: cwd, cwd });
  assert.ok(shown().includes('Address of the server [http://a/\ufffd[2J/]: '), JSON.stringify(shown()));
  assert.ok(!shown().includes('\u001b[2J'));
});

test('settings come from options, the environment, .env, the login, the official login, in this order', async () => {
  const [cwd, home] = [await emptyFolder(), await emptyFolder()];
  const doctor = async (args: string[] = [], env: Record<string, string> = {}) =>
    (await run(['doctor', ...args], { cwd, home, env })).stdout.split('\n')[0];
  const nowhere = `http://127.0.0.1:${await freePort()}`;

  await mkdir(join(home, '.deepset-cloud'));
  const official = `API_KEY=${server.apiKey}\nAPI_URL=${server.baseUrl}/api/v1\nDEFAULT_WORKSPACE_NAME=default`;
  await writeFile(join(home, '.deepset-cloud', '.env'), official);
  assert.match((await doctor()) ?? '', /^ok .*\/api\/v1 answers \(from ~\/\.deepset-cloud\/\.env\)$/);

  await run(['login', '--api-url', server.baseUrl, '--api-key', server.apiKey], { home });
  assert.match((await doctor()) ?? '', /^ok .* \(from the login\)$/);
  await writeFile(join(cwd, '.env'), `API_URL="${server.baseUrl}" # ours\n`);
  assert.match((await doctor()) ?? '', /^ok .* \(from \.env in this folder\)$/);
  assert.match((await doctor([], { API_URL: server.baseUrl })) ?? '', /^ok .* \(from the environment\)$/);
  assert.match((await doctor(['--api-url', nowhere], { API_URL: server.baseUrl })) ?? '', /^FAILED +server/);

  await writeFile(join(cwd, '.env'), 'API_URL=https://evil.example\n');
  const { code, stderr } = await run(['files', 'list'], { cwd, home });
  assert.match(
    stderr,
    /^sluice: There is no API key for https:\/\/evil\.example: /,
    'AUT.4: nor is one sent there',
  );
  assert.equal(code, 2);
});
