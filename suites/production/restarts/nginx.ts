import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { temporaryFolder } from '../../../testing/server/harness.ts';
import { isAnswered } from '../../../testing/services/store.ts';

/** What the guide gives, word for word. */
export const GIVEN = readFileSync(join(import.meta.dirname, '../../../deploy/nginx.conf'), 'utf8');

/**
 * nginx in front of two ports of this machine, by the given configuration; only its addresses are others.
 * @returns its URL, and what it has complained about so far
 */
export const startNginx = async (
  t: TestContext,
  port: number,
  [first, second]: readonly [number, number],
): Promise<{ url: string; complaints: () => string }> => {
  const folder = await temporaryFolder(t);
  const site = GIVEN.replace(':8001', `:${first}`)
    .replace(':8002', `:${second}`)
    .replace('listen 80;', `listen 127.0.0.1:${port};`);
  const scratch = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const whole = `
    daemon off;
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    pid ${folder}/pid;
    error_log stderr warn;
    events { worker_connections 1024; }
    http {
      access_log off;
      ${scratch.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n')}
      ${site}
    }`;
  await writeFile(join(folder, 'nginx.conf'), whole);
  const args = ['-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf')];
  const child = spawn('nginx', args, {
    env: { PATH: `${process.env.PATH}:/usr/sbin` },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    // A refused connection is what sends a request elsewhere.
    complaints += text.replace(/^.*connect\(\) failed \(111.*\n/gm, '');
  });
  const ended = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const url = `http://127.0.0.1:${port}`;
  while (!(await isAnswered(`${url}/ready`))) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}: ${complaints}`);
    await pause(50);
  }
  return { url, complaints: () => complaints };
};
