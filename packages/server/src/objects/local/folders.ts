import { chmod, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Where things are below the data folder. Names on disk are ours, never a client's. */
export const foldersBelow = (directory: string) => ({
  directory,
  database: join(directory, 'objects.db'),
  /** Large bodies, each a file that a row refers to. */
  bodies: join(directory, 'objects'),
  /** Large bodies that are still coming in. */
  incoming: join(directory, 'objects', 'incoming'),
});

export type Folders = ReturnType<typeof foldersBelow>;

/**
 * Creates what is missing, for the owner's eyes alone, and removes what uploads that a crash cut off have left.
 * @throws where there are bodies without a database: opened as a new store, all of them would be taken for leftovers
 */
export const prepareFolders = async ({ directory, database, bodies, incoming }: Folders): Promise<void> => {
  await rm(incoming, { recursive: true, force: true });
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  for (const folder of [bodies, incoming]) await chmod(folder, 0o700); // whatever the umask
  // One that is empty knows of nothing either.
  const isNew = await stat(database).then(
    ({ size }) => size === 0,
    () => true,
  );
  if (isNew && (await readdir(bodies)).length > 1) {
    throw new Error(`${database} is missing, and ${bodies} holds the files it knows of`);
  }
  // SQLite gives its log the mode of the database.
  const file = await open(database, 'a', 0o600);
  await file.chmod(0o600);
  await file.close();
  await syncFolder(bodies);
  await syncFolder(directory);
};

/** A name is durable once the folder that holds it is. */
export const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};
