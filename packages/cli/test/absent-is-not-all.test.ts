import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { emptyFolder } from '../../../testing/terminal/run-sluice.ts';
import { runHere } from './run-here.ts';

/** Stands for whatever would be asked: it is an error that it is. */
const asked: string[] = [];
const server = createServer(({ method, url }, response) => {
  asked.push(`${method} ${url}`);
  response.end('{}');
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
after(() => server.close());

const folder = await emptyFolder();
await writeFile(join(folder, 'a.txt'), 'a');
const emptyReport = join(folder, 'empty.ndjson');
await writeFile(emptyReport, '');

const COMMANDS: string[][] = [
  ['files', 'delete', ''],
  ['files', 'delete', '..'],
  ['files', 'delete', '.'],
  ['files', 'delete', 'a', '..'],
  ['files', 'delete'],
  ['files', 'meta', '..'],
  ['files', 'meta', 'a', '--set', ''],
  ['files', 'meta', 'a', '--unset', ''],
  ['files', 'show', '..'],
  ['files', 'list', '--name', ''],
  ['files', 'list', '--filter', ''],
  ['files', 'list', '--filter', ' '],
  ['download', '--odata-filter', ' \n', '--file-dir', folder],
  ['download', '--filter', '', '--file-dir', folder],
  ['download', '--name', '', '--file-dir', folder],
  ['download', '--file-dir', ''],
  ['download', '--workspace-name', '..', '--file-dir', folder],
  ['sessions', 'close', '..'],
  ['sessions', 'show', '.'],
  ['sessions', 'files', '..'],
  ['tokens', 'create', '--workspace', ''],
  ['tokens', 'create', '--permission', ''],
  ['tokens', 'create', '--expires-at', ''],
  ['tokens', 'delete', '..'],
  ['workspaces', 'delete', '..'],
  ['workspaces', 'delete', '.', '--yes'],
  ['workspaces', 'delete', ''],
  ['upload', ''],
  ['upload', folder, '--use-type', ''],
  ['upload', folder, '--use-type', ','],
  ['upload', folder, '--resume', ''],
  ['upload', folder, '--report', ''],
  ['upload', '--from-report', emptyReport],
  ['upload', folder, '--workspace-name', '..'],
];

for (const args of COMMANDS) {
  test(`sluice ${args.map((arg) => arg || "''").join(' ')}: what is not said is not all`, async () => {
    const { port } = server.address() as AddressInfo;
    const env = { API_URL: `http://127.0.0.1:${port}`, API_KEY: 'api_test' };
    const { code, stdout, stderr } = await runHere(args, env);
    assert.deepEqual({ code, stdout, asked }, { code: 2, stdout: '', asked: [] });
    assert.match(stderr, /^sluice: .+\.?$/m);
  });
}
