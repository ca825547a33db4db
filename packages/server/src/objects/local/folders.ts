import { mkdir, open, opendir, rm, unlink } from 'node:fs/promises';
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

/** Creates what is missing and removes what uploads that a crash cut off have left. */
export const prepareFolders = async ({ directory, bodies, incoming }: Folders): Promise<void> => {
  await rm(incoming, { recursive: true, force: true });
  await mkdir(incoming, { recursive: true, mode: 0o700 });
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

/** Removes bodies whose row a crash kept from being written. To be called before anything is taken in. */
export const removeOrphanBodies = async (
  bodies: string,
  refersTo: (file: string) => boolean,
): Promise<void> => {
  for await (const entry of await opendir(bodies)) {
    if (entry.isFile() && !refersTo(entry.name)) await unlink(join(bodies, entry.name));
  }
};
