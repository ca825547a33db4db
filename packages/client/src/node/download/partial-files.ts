import {
  constants,
  type FileHandle,
  lstat,
  mkdir,
  open,
  readFile,
  rm,
  rmdir,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from './folders.ts';
import { localSegments } from './local-name.ts';

/** What has come of a file, kept apart from the finished ones until it is whole. No name of a file leads there. */
const FOLDER = '.sluice-partial';

export type PartialFile = {
  path: string;
  handle: FileHandle;
  /** Bytes that are there. */
  size: number;
  /** The version they belong to; null where it is not known, and then they are of no use to a later run. */
  etag: string | null;
  setEtag(etag: string): Promise<void>;
  close(): Promise<void>;
  remove(): Promise<void>;
};

export type PartialFiles = {
  open(fileId: string): Promise<PartialFile>;
  /** Removes the folder unless something is left in it. */
  close(): Promise<void>;
};

export const partialFiles = async (root: string): Promise<PartialFiles> => {
  const folder = join(root, FOLDER);
  await mkdir(folder).catch(async (error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error;
    // A link would lead what is written elsewhere.
    if (!(await lstat(folder)).isDirectory()) throw new Error(`${folder} is in the way: it is no folder`);
  });
  return {
    open: async (fileId) => {
      const path = join(folder, localSegments(fileId).join('_'));
      const etagPath = `${path}.etag`;
      const etag = await readFile(etagPath, 'utf8').catch(() => null);
      const handle = await open(
        path,
        constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0),
        0o666,
      );
      if (etag === null) await handle.truncate(0);
      return {
        path,
        handle,
        size: (await handle.stat()).size,
        etag,
        setEtag: (value) => writeFile(etagPath, value),
        close: () => handle.close(),
        remove: async () => {
          await rm(etagPath, { force: true });
          await rm(path, { force: true });
        },
      };
    },
    close: () => rmdir(folder).catch(() => {}),
  };
};
