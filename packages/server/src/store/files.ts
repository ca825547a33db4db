import { type Kysely, type Selectable, sql } from 'kysely';
import type { FileRecord } from '../domain/file.ts';
import type { FileReader } from '../service/ports.ts';
import { dialectOf } from './dialect-of.ts';
import { countMatches } from './file-counts.ts';
import { fieldsOf } from './file-fields.ts';
import { findPage } from './file-pages.ts';
import { toFile } from './file-rows.ts';
import { prepareSearch } from './file-search.ts';
import { shelvesOf } from './file-shelves.ts';
import type { Database, FileTable } from './schema.ts';

export { fileWriter } from './file-writer.ts';

/** No index has the order of keys, so each step sorts all there are: few steps, and memory for one. */
const KEYS_AT_A_TIME = 100_000;

export const fileReader = (db: Kysely<Database>): FileReader => {
  const filesWithShelf = () => db.selectFrom('file').innerJoin('fileShelf', 'fileShelf.number', 'file.shelf');

  return {
    get: async (workspaceId, id) => {
      const row = await filesWithShelf()
        .selectAll('file')
        .where('file.id', '=', id)
        .where('fileShelf.workspaceId', '=', workspaceId)
        .executeTakeFirst();
      return row && toFile(row, workspaceId);
    },

    list: async (search, page) => {
      const prepared = await prepareSearch(db, search);
      if (prepared.shelves.length === 0) return [];
      return (await findPage(prepared, page)).map((row) => toFile(row, search.workspaceId));
    },

    count: async (search) => countMatches(await prepareSearch(db, search)),

    withNames: async (workspaceId, names) => {
      const [shelf] = await shelvesOf(db, workspaceId, false);
      const files = new Map<string, FileRecord[]>();
      if (shelf === undefined || names.length === 0) return files;
      // From the names to the files, each by a seek: asked the other way round, SQLite goes through all files.
      const { listed, thenJoin } = dialectOf(db);
      const found = await sql<Selectable<FileTable>>`
        select file.* from ${listed([...new Set(names)])} as asked
        ${thenJoin} file on file.shelf = ${shelf} and file.name = asked.value
        order by file.created_at, file.id`.execute(db);
      for (const row of found.rows) {
        const file = toFile(row, workspaceId);
        const twins = files.get(file.name);
        if (twins) twins.push(file);
        else files.set(file.name, [file]);
      }
      return files;
    },

    some: async (workspaceId, limit) => {
      const shelves = await shelvesOf(db, workspaceId, true);
      if (shelves.length === 0) return [];
      const query = db.selectFrom('file').selectAll().where('shelf', 'in', shelves).limit(limit);
      return (await query.execute()).map((row) => toFile(row, workspaceId));
    },

    temporaryUntil: async (now, limit) => {
      const rows = await filesWithShelf()
        .selectAll('file')
        .select('fileShelf.workspaceId')
        .where('temporaryUntil', '<=', now)
        .orderBy('temporaryUntil')
        .limit(limit)
        .execute();
      return rows.map(({ workspaceId, ...row }) => toFile(row, workspaceId));
    },

    objectKeys: async function* (workspaceId) {
      const shelves = await shelvesOf(db, workspaceId, true);
      if (shelves.length === 0) return;
      const keys = db.selectFrom('file').select('objectKey').where('shelf', 'in', shelves);
      let after = '';
      for (;;) {
        const page = keys.where('objectKey', '>', after).orderBy('objectKey').limit(KEYS_AT_A_TIME);
        const rows = await page.execute();
        for (const row of rows) yield row.objectKey;
        if (rows.length < KEYS_AT_A_TIME) return;
        after = rows.at(-1)?.objectKey ?? '';
      }
    },

    metadataFields: async (workspaceId) => {
      const [shelf] = await shelvesOf(db, workspaceId, false);
      return shelf === undefined ? new Map() : fieldsOf(db, shelf);
    },
  };
};
