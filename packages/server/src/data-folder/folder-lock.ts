import { DatabaseSync } from 'node:sqlite';

const SQLITE_BUSY = 5;

/**
 * Keeps a second server off a data folder: two in-process queues over the same rows would do everything twice. The lock
 * is SQLite's own on a file, so the operating system lets go of it when the process dies, however it dies.
 * @throws where another process holds it, or the file cannot be used
 */
export const lockFolder = (path: string): { release: () => void } => {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('begin exclusive');
  } catch (cause) {
    database.close();
    const isBusy = cause instanceof Error && 'errcode' in cause && cause.errcode === SQLITE_BUSY;
    if (!isBusy) throw cause;
    throw new Error(`Another Sluice server uses this data folder: ${path} is locked`, { cause });
  }
  return { release: () => database.close() };
};
