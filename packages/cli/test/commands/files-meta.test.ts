import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createClient } from '@sluice/client/node';
import { startSluice } from '../../../../testing/server/sluice-server.ts';
import { runHere } from '../run-here.ts';

const server = await startSluice();
const workspace = createClient({ ...server, workspaceName: 'default' }).inWorkspace();
const env = { API_URL: server.baseUrl, API_KEY: server.apiKey };
const folder = await mkdtemp(join(tmpdir(), 'sluice-files-meta-'));
after(() => rm(folder, { recursive: true }));

const { file_id } = await workspace.files.upload({ name: 'tweet.txt', body: 'a' });

test('MET.1: numbers are taken, printed and saved as they are typed', async () => {
  const typed = {
    tweet_id: '1546130668394913822',
    price: '0.1000000000000000055',
    rating: '1.0',
    year: '2026',
  };
  const set = Object.entries(typed).flatMap(([key, text]) => ['--set', `${key}=${text}`]);
  const lines = Object.entries(typed).map(([key, text]) => `  "${key}": ${text}`);
  const shown = `{\n${lines.join(',\n')}\n}\n`;
  const json = `{${Object.entries(typed).map(([key, text]) => `"${key}":${text}`)}}`;

  assert.equal((await runHere(['files', 'meta', file_id, ...set], env)).stdout, shown);
  assert.equal((await runHere(['files', 'meta', file_id], env)).stdout, shown);
  assert.equal((await runHere(['files', 'meta', file_id, '--json'], env)).stdout, `${json}\n`);
  assert.ok((await runHere(['files', 'list', '--json'], env)).stdout.includes(`"meta":${json}`));
  assert.ok((await runHere(['files', 'show', file_id], env)).stdout.includes(`meta        ${json}\n`));
  const filter = `tweet_id eq ${typed.tweet_id} and rating eq 1`;
  assert.match((await runHere(['files', 'list', '--filter', filter], env)).stdout, /tweet\.txt\n$/);

  await runHere(['download', '--file-dir', folder], env);
  assert.equal(await readFile(join(folder, 'tweet.txt.meta.json'), 'utf8'), shown);
});

test('a value that is no JSON is a text, and never deletes its key', async () => {
  const set = ['NaN', 'Infinity', '01', '1.', "{'a':1}"].flatMap((text, at) => ['--set', `k${at}=${text}`]);
  await runHere(['files', 'meta', file_id, ...set], env);
  const { k0, k1, k2, k3, k4 } = await workspace.files.metadata(file_id);
  assert.deepEqual([k0, k1, k2, k3, k4], ['NaN', 'Infinity', '01', '1.', "{'a':1}"]);
});

test('what the server does not keep is refused by its key', async () => {
  const long = await runHere(['files', 'meta', file_id, '--set', `digits=${'9'.repeat(41)}`], env);
  assert.equal(long.code, 3);
  assert.match(long.stderr, /digits/);
});
