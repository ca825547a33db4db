/**
 * Uses the command line at a real terminal, against a server of its own, and prints what stood there, for a picture:
 * node scripts/record-command-line.ts | node scripts/terminal-picture.ts 'sluice doctor' > docs/command-line.svg
 */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { startServer } from '../examples/demo/server.ts';
import { needCommands, openTerminal } from '../testing/terminal/terminal.ts';

const DOCUMENTS = fileURLToPath(new URL('../examples/documents', import.meta.url));
const SCANS = 2_000;

/** The command that was typed has ended. */
const PROMPT_AGAIN = /\n\$$/;

needCommands('tmux', 'bash');
const folder = await mkdtemp(join(tmpdir(), 'sluice-picture-'));
const server = await startServer(join(folder, 'data'));
const terminal = await openTerminal(['bash', '--norc', '--noprofile'], {
  API_URL: server.url,
  API_KEY: server.apiKey,
});
try {
  await cp(DOCUMENTS, join(terminal.home, 'documents'), { recursive: true });
  await mkdir(join(terminal.home, 'scans'));
  for (let scan = 0; scan < SCANS; scan++) {
    await writeFile(
      join(terminal.home, 'scans', `scan-${String(scan).padStart(4, '0')}.txt`),
      `${scan} `.repeat(6_000),
    );
  }
  await terminal.clear();
  await show('sluice doctor', PROMPT_AGAIN);
  await show('sluice upload documents', PROMPT_AGAIN);
  await show('sluice upload scans --safe-mode --report scans.csv', /^sending {2}█{6}/m);
  const sending = await terminal.screen({ coloured: true });
  await terminal.keys('C-c');
  await terminal.shows(PROMPT_AGAIN);
  await show('sluice upload --from-report scans.csv', PROMPT_AGAIN);
  const ended = await terminal.screen({ coloured: true });
  const rest = ended.slice(ended.search(/^.*Ending;/m)).replace(/\n\S*\$ *$/, '');
  process.stdout.write(`${sending.split('\n').slice(1).join('\n')}\n${rest}\n`);
} finally {
  await terminal.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

async function show(command: string, until: RegExp): Promise<string> {
  await terminal.keys(command, 'Enter');
  return terminal.shows(until);
}
