import { randomBytes } from 'node:crypto';
import { open, readdir, stat, unlink } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { pause } from '../../pause.ts';
import { codeOf } from './folders.ts';

/** What is under way has no such name: those do not begin with a dot. */
const MARK = /^\.run-(\d+)-[0-9a-f]{16}@(.*)$/;

/** Marks of this process: a number that it has was another's before. */
const own = new Set<string>();

/**
 * Marks a folder as one that a run works in, and none beside it: two would write into the same files. The mark of a process
 * that is no more says nothing, nor does that of another machine, of which nobody could tell here.
 * @param folder of what is under way, which is there
 * @returns takes the mark away
 * @throws where another run is at work
 */
export const onlyRun = async (folder: string, signal: AbortSignal): Promise<() => Promise<void>> => {
  const host = hostname().replace(/[^\w.-]/g, '_');
  for (let tries = 1; ; tries++) {
    const mark = `.run-${process.pid}-${randomBytes(8).toString('hex')}@${host.slice(0, 64)}`;
    const path = join(folder, mark);
    own.add(mark);
    await (await open(path, 'wx')).close();
    const release = async () => {
      own.delete(mark);
      await unlink(path).catch(() => {}); // the next run sees that it stands for nothing
    };
    // Marked first, looked then: of two that begin at once, at least one sees the other.
    const other = await otherRun(folder, mark).catch(async (error) => {
      await release();
      throw error;
    });
    if (other === null) return release;
    await release();
    if (tries === MOST_TRIES) {
      throw new Error(
        `Process ${other.pid} is saving into this folder. Wait for it, or give another folder. If it is no download, remove ${other.path}.`,
      );
    }
    await pause(Math.random() * 200, signal); // both may have seen each other
  }
};

const MOST_TRIES = 4;

const otherRun = async (folder: string, mark: string): Promise<{ pid: number; path: string } | null> => {
  const host = mark.slice(mark.indexOf('@') + 1);
  for (const name of await readdir(folder)) {
    const [, pid, onHost] = MARK.exec(name) ?? [];
    if (name === mark || pid === undefined || onHost !== host) continue;
    const path = join(folder, name);
    if (await isAtWork(name, Number(pid), path)) return { pid: Number(pid), path };
    await unlink(path).catch(() => {});
  }
  return null;
};

const isAtWork = async (mark: string, pid: number, path: string): Promise<boolean> => {
  if (pid === process.pid) return own.has(mark);
  const made = await stat(path).catch(() => null);
  const booted = Date.now() - uptime() * 1000;
  if (made === null || made.mtimeMs < booted) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
};
