import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { heading } from './print.ts';
import type { DemoServer } from './server.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SLUICE = join(ROOT, 'packages', 'cli', 'src', 'sluice.mjs');

/** Sidecars without their file go along, so that the server has something to report. */
const COMMAND = ['upload', 'examples/documents', '--verbose', '--orphan-sidecars', 'send'];

/** How the command line ends where some files failed, as two of the documents must. */
const SOME_FAILED = 1;

export type ReportedFile = { name: string; status: string; reason: string | null };

/** Runs `sluice upload` as somebody at a terminal would, and reads what it reports of every file. */
export const uploadDocuments = async (
  server: DemoServer,
  workspace: string,
  folder: string,
  signal: AbortSignal,
): Promise<{ rows: ReportedFile[]; sessionId: string }> => {
  const report = join(folder, 'report.ndjson');
  heading(`sluice ${COMMAND.join(' ')}`);
  const child = spawn(process.execPath, [SLUICE, ...COMMAND, '--report', report], {
    cwd: ROOT,
    env: { ...process.env, API_URL: server.url, API_KEY: server.apiKey, DEFAULT_WORKSPACE_NAME: workspace },
    stdio: 'inherit',
    signal,
  });
  const [code] = await once(child, 'close');
  if (code !== SOME_FAILED) throw new Error(`sluice upload ended with code ${code}, and not ${SOME_FAILED}.`);
  const lines = (await readFile(report, 'utf8')).trim().split('\n');
  const rows: (ReportedFile & { session_id: string })[] = lines.map((line) => JSON.parse(line));
  return { rows, sessionId: rows[0]?.session_id ?? '' };
};
