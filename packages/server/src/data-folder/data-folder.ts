import { chmod, lstat, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { foldersBelow, syncFolder } from '../objects/local/folders.ts';

/** What is where in a data folder. */
export const dataFolder = (directory: string) => {
  const objects = foldersBelow(directory);
  return {
    directory,
    rows: join(directory, 'sluice.db'),
    lock: join(directory, 'lock.db'),
    apiKey: join(directory, 'api-key'),
    formCredentials: join(directory, 'form-credentials.json'),
    objects: objects.database,
    bodies: objects.bodies,
    incoming: objects.incoming,
  };
};

export type DataFolder = ReturnType<typeof dataFolder>;

/**
 * Makes the folder and the databases that are not there yet, for the eyes of their owner alone whatever the umask, and
 * takes away from others what they may do with those that are, as a copy or an earlier version may have left them. The
 * folder itself, where it was there, is whoever's made it.
 * @returns paths of what others could get at until now
 */
export const prepareDataFolder = async (folder: DataFolder): Promise<string[]> => {
  const made = await mkdir(folder.directory, { recursive: true, mode: 0o700 });
  if (made !== undefined) {
    await chmod(folder.directory, 0o700);
    await syncFolder(dirname(made));
  }
  const narrowed: string[] = [];
  for (const path of privatePaths(folder)) if (await narrow(path)) narrowed.push(path);
  // SQLite gives its logs the mode of the database.
  for (const path of [folder.rows, folder.lock]) await makePrivate(path);
  await syncFolder(folder.directory);
  return narrowed;
};

const privatePaths = ({
  rows,
  lock,
  apiKey,
  formCredentials,
  objects,
  bodies,
  incoming,
}: DataFolder): string[] => [
  ...[rows, lock, objects].flatMap((path) => [path, `${path}-wal`, `${path}-shm`, `${path}-journal`]),
  apiKey,
  formCredentials,
  bodies,
  incoming,
];

/** True where others could get at it. What is another user's, or a link to elsewhere, stays as it is. */
const narrow = async (path: string): Promise<boolean> => {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined || found.isSymbolicLink() || found.uid !== process.getuid?.()) return false;
  if ((found.mode & 0o077) === 0) return false;
  await chmod(path, found.mode & 0o700);
  return true;
};

const makePrivate = async (path: string): Promise<void> => {
  const file = await open(path, 'ax', 0o600).catch((error: NodeJS.ErrnoException) => {
    // Not opened, if only to be closed again: that would let go of the locks which SQLite has on it in this process.
    if (error.code === 'EEXIST') return undefined;
    throw error;
  });
  await file?.chmod(0o600);
  await file?.close();
};
