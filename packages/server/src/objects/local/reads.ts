import type { FileHandle } from 'node:fs/promises';
import { open, readFile } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import { Readable } from 'node:stream';
import type { ByteRange, SmallBody, SmallObject, StoredObject } from '../../service/ports/objects.ts';
import { prefixEnd } from './prefix-end.ts';
import type { ObjectRow } from './schema.ts';

type BodyRow = Pick<ObjectRow, 'size' | 'etag' | 'body_id' | 'file'>;

/** What is stored, read off a connection of its own: readers and the writer never wait for each other. */
export const createReads = (
  database: DatabaseSync,
  pathOf: (file: string) => string,
  checkFolder: () => void = () => {},
) => {
  const sql = {
    list: database.prepare(
      `select key, size, etag, stored_at as storedAt from object
       where key >= ? and key < ? and key > ? order by key limit ?`,
    ),
    count: database.prepare(
      'select count(*) as objects, coalesce(sum(is_sidecar), 0) as sidecars from object where key >= ? and key < ?',
    ),
    body: database.prepare('select size, etag, body_id, file from object where key = ?'),
    bytes: database.prepare('select bytes from body where id = ?'),
    byFile: database.prepare('select 1 from object where file = ?'),
    sealed: database.prepare('select 1 from sealed_prefix where prefix = ?'),
  };

  const bytesOf = (id: number | null): Buffer => {
    const { bytes } = sql.bytes.get(id) as { bytes: Uint8Array };
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };

  /**
   * Calls `use` with the row of a key. A file may be replaced and unlinked between the row and its opening: then the
   * row is read again. One that is not there even so is lost, unless the whole folder is.
   */
  const withBody = async <T>(key: string, use: (row: BodyRow) => Promise<T>): Promise<T | undefined> => {
    for (let attempt = 1; ; attempt++) {
      const row = sql.body.get(key) as BodyRow | undefined;
      if (row === undefined) return undefined;
      try {
        return await use(row);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        if (attempt < 3) continue;
        checkFolder();
        return undefined;
      }
    }
  };

  return {
    list: (prefix: string, { after = '', limit }: { after?: string; limit: number }): StoredObject[] =>
      sql.list.all(prefix, prefixEnd(prefix), after, limit).map((row) => ({ ...row }) as StoredObject),

    count: (prefix: string): { files: number; sidecars: number } => {
      const row = sql.count.get(prefix, prefixEnd(prefix)) as { objects: number; sidecars: number };
      return { files: row.objects - row.sidecars, sidecars: row.sidecars };
    },

    has: (key: string): boolean => sql.body.get(key) !== undefined,
    isSealed: (prefix: string): boolean => sql.sealed.get(prefix) !== undefined,
    refersTo: (file: string): boolean => sql.byFile.get(file) !== undefined,

    readMany: async (objects: readonly SmallObject[], maxBytes: number): Promise<Map<string, SmallBody>> => {
      const found = new Map<string, SmallBody>();
      for (const { key, etag: wanted } of objects) {
        const body = await withBody(key, async ({ size, etag, body_id: id, file }) => {
          if (wanted && etag !== wanted) return 'changed';
          if (size > maxBytes) return 'too_large';
          return file === null ? bytesOf(id) : readFile(pathOf(file));
        });
        if (body !== undefined) found.set(key, body);
      }
      return found;
    },

    read: (key: string, range?: ByteRange): Promise<Readable | undefined> =>
      withBody(key, async ({ body_id: id, file }) => {
        if (file !== null) return streamFile(await open(pathOf(file)), range);
        const bytes = bytesOf(id);
        return Readable.from([range === undefined ? bytes : bytes.subarray(range.start, range.end + 1)], {
          objectMode: false,
        });
      }),
  };
};

export type Reads = ReturnType<typeof createReads>;

/** The open file outlives its name, so that a reader gets all of what it began to read. */
const streamFile = (file: FileHandle, range: ByteRange | undefined): Readable =>
  file.createReadStream({ highWaterMark: 256 * 1024, ...range });
