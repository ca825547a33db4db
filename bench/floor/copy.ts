import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Milliseconds that `cp -r` and then `sync` take for a folder. What others left unwritten is flushed before, so that it
 * is not counted here. The copy stays, for the caller to remove when all is measured: for minutes after a removal ext4
 * passes over each inode that was freed before it takes one, and the next copy of 20,000 files would take ten times as
 * long.
 */
export const timeCopy = async (from: string, to: string): Promise<number> => {
  await command('sync', []);
  const start = performance.now();
  await command('cp', ['-r', from, to]);
  await command('sync', []);
  return performance.now() - start;
};

export const command = async (name: string, args: string[]): Promise<void> => {
  const child = spawn(name, args, { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${name} ended with code ${code}`);
};
