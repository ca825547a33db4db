import { type BigIntStats, statSync } from 'node:fs';
import { Outage } from '../domain/failures/outage.ts';

/**
 * Whether the files that are open are still those that the next start will find: what is written to a folder that was
 * deleted, moved or replaced goes well, and is lost. A few microseconds, so it is asked after each commit.
 */
export const createDataFolderWatch = () => {
  const known = new Map<string, string>();
  const logs = new Map<string, boolean>();

  return {
    /** Call it once they are open. `others`: folders, and files that are no database with a log. */
    add: (databases: readonly string[], others: readonly string[]): void => {
      for (const path of [...databases, ...others]) known.set(path, identityOf(path));
      for (const path of databases) logs.set(`${path}-wal`, false);
    },
    /** @throws STORAGE_UNAVAILABLE where one is not there any more, or another is in its place */
    check: (): void => {
      for (const [path, identity] of known) if (identityOf(path) !== identity) throw gone(path);
      // A log is made by the first to read or write, and stays until the last has closed.
      for (const [path, seen] of logs) {
        if (statOf(path) !== undefined) logs.set(path, true);
        else if (seen) throw gone(path);
      }
    },
  };
};

export type DataFolderWatch = ReturnType<typeof createDataFolderWatch>;

const statOf = (path: string): BigIntStats | undefined =>
  statSync(path, { bigint: true, throwIfNoEntry: false });

const identityOf = (path: string): string => {
  try {
    const stat = statOf(path);
    return stat === undefined ? 'none' : `${stat.dev} ${stat.ino}`;
  } catch (error) {
    return String(error); // a folder above it that may not be entered any more
  }
};

const gone = (path: string): Outage =>
  new Outage(
    'database',
    'The data folder was deleted, moved or replaced while the server uses it. Put it back, or start the server again.',
    new Error(`${path} is not what is open`),
  );
