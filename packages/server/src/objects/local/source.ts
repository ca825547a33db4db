import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Readable } from 'node:stream';
import { foldersBelow } from './folders.ts';
import { createReads } from './reads.ts';
import { VERSION } from './schema.ts';

/** Objects of a folder that no server uses, for reading alone. */
export type LocalObjectSource = {
  /** The bytes of an object; undefined where there is none. */
  read: (key: string) => Promise<Readable | undefined>;
  close: () => void;
};

/**
 * Reads the objects of a folder and changes nothing, unlike the store, which tidies up when it opens.
 * @param open how to open the database of the objects
 * @throws where it is of another version
 */
export const openLocalObjectSource = (
  directory: string,
  open: (path: string) => DatabaseSync,
): LocalObjectSource => {
  const { database: path, bodies } = foldersBelow(directory);
  const database = open(path);
  const { user_version: version } = database.prepare('pragma user_version').get() as { user_version: number };
  if (version !== VERSION) {
    database.close();
    throw new Error(`${path} was written by another version of Sluice`);
  }
  const { read } = createReads(database, (name) => join(bodies, name));
  return { read, close: () => database.close() };
};
