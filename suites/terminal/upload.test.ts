import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startSluice } from '../../testing/server/sluice-server.ts';
import { needCommands, openTerminal } from '../../testing/terminal/terminal.ts';

needCommands('tmux', 'bash');

const FILES = 2_000;

const server = await startSluice();
const folder = await mkdtemp(join(tmpdir(), 'sluice-terminal-documents-'));
after(() => rm(folder, { recursive: true, force: true }));
for (let index = 0; index < FILES; index++)
  await writeFile(join(folder, `page ${index}.txt`), `${index} `.repeat(2_000));

const terminal = await openTerminal(['bash', '--norc', '--noprofile'], { API_URL: server.baseUrl });
after(() => terminal.close());

test('login asks, shows nothing of the key, and is remembered', async () => {
  await terminal.keys('sluice login', 'Enter');
  await terminal.shows(/Address of the server \[http\S+\]: $|Address of the server \[http\S+\]:$/m);
  await terminal.keys('Enter');
  await terminal.shows(/API key \(it is not shown\):/);
  await terminal.keys(server.apiKey, 'Enter');
  await terminal.shows(/Workspace \[default\]:/);
  await terminal.keys('Enter');
  const screen = await terminal.shows(/Kept in \S+/);
  assert.ok(!screen.replace(/\n/g, '').includes(server.apiKey), 'AUT.4');
  await terminal.keys('sluice doctor; stat -c %a .config/sluice .config/sluice/login.json', 'Enter');
  assert.match(await terminal.shows(/^600$/m), /ok +workspace +default holds 0 files(.|\n)*^700$/m);
});

test('CLI.2: a bar while it sends; Ctrl-C ends it, says how to go on, and that works', async () => {
  await terminal.clear();
  await terminal.keys(`sluice upload '${folder}' --safe-mode --report up.csv; echo "code $?"`, 'Enter');
  // The first bars come before there is a rate to tell.
  await terminal.shows(
    /^sending {2}█+░+ +\d+ % {2}\S+ of 2,000 files, \S+ \S+ of \S+ MB {2}\S+ files\/s {2}\S+ [kM]B\/s {2}\d+:\d\d left/m,
  );
  await terminal.keys('C-c');
  const ended = await terminal.shows(/^code 130$/m);
  assert.match(ended, /^Ending; Ctrl-C again stops at once\.$/m);
  assert.match(ended, /^sluice: Interrupted while sending\.$/m);
  assert.match(ended, /^sluice: Session \S+ is open with \d+ files/m);
  assert.ok(!ended.includes('█'), 'the bar is gone');

  await terminal.clear();
  await terminal.keys('sluice upload --from-report up.csv; echo "code $?"', 'Enter');
  assert.match(await terminal.shows(/^code 0$/m), /^2,000 finished\.$/m);
});

test('download shows how far it is, and the files are there', async () => {
  await terminal.clear();
  await terminal.keys('sluice download --file-dir down --quiet; echo "code $?"; ls down | wc -l', 'Enter');
  await terminal.shows(/^code 0\n4000$/m);
  assert.equal((await stat(folder)).isDirectory(), true);
});
