import type { DatabaseSync } from 'node:sqlite';
import { prefixEnd } from './prefix-end.ts';

/** What the writer knows of one folder of uploads. */
export type UploadPrefix = { sealed: boolean; files: number; sidecars: number };

/** Folders to know at a time; beyond it all are forgotten and counted again when needed. */
const MAX_KNOWN = 1000;

/**
 * The folders that uploads go to, each counted once when its first upload comes and kept by the writer from then on:
 * it alone changes the database, so what it knows is what is there.
 */
export const uploadPrefixes = (database: DatabaseSync) => {
  const known = new Map<string, UploadPrefix>();
  const count = database.prepare(
    'select count(*) as objects, coalesce(sum(is_sidecar), 0) as sidecars from object where key >= ? and key < ?',
  );
  const isSealed = database.prepare('select 1 from sealed_prefix where prefix = ?');

  const load = (prefix: string): UploadPrefix => {
    const { objects, sidecars } = count.get(prefix, prefixEnd(prefix)) as {
      objects: number;
      sidecars: number;
    };
    return {
      sealed: folders(prefix).some((folder) => isSealed.get(folder) !== undefined),
      files: objects - sidecars,
      sidecars,
    };
  };

  const get = (prefix: string): UploadPrefix => {
    let entry = known.get(prefix);
    if (entry === undefined) {
      if (known.size >= MAX_KNOWN) known.clear();
      entry = load(prefix);
      known.set(prefix, entry);
    }
    return entry;
  };

  return {
    get,
    /** An upload has come to a folder: those around and within it are counted anew. */
    add: (key: string, prefix: string, isSidecar: boolean): void => {
      get(prefix)[isSidecar ? 'sidecars' : 'files']++;
      for (const folder of folders(key)) if (folder !== prefix) known.delete(folder);
    },
    /** Something was added or taken away at this key by other means than an upload. */
    forgetAbove: (key: string): void => {
      if (known.size > 0) for (const folder of folders(key)) known.delete(folder);
    },
    forgetAll: (): void => known.clear(),
  };
};

/** `a/b/c` -> `a/`, `a/b/`. A folder is its own last one. */
const folders = (key: string): string[] => {
  const found: string[] = [];
  for (let slash = key.indexOf('/'); slash !== -1; slash = key.indexOf('/', slash + 1)) {
    found.push(key.slice(0, slash + 1));
  }
  return found;
};
