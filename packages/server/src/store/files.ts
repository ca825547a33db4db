import { type Kysely, type Selectable, sql } from 'kysely';
import type { FileRecord } from '../domain/file.ts';
import type { FileReader } from '../service/ports.ts';
import { dialectOf } from './dialect.ts';
import { countMatches } from './file-counts.ts';
import { fieldsOf } from './file-fields.ts';
import { pageQuery } from './file-pages.ts';
import { toFile } from './file-rows.ts';
import { prepareSearch } from './file-search.ts';
import { shelvesOf } from './file-shelves.ts';
import type { Database, FileTable } from './schema.ts';

export { fileWriter } from './file-writer.ts';

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
      const direction = page.sort.order === 'ASC' ? sql`asc` : sql`desc`;
      // Rows are fetched last, for the files on the page only: their metadata may be large.
      const found = await sql<Selectable<FileTable>>`
        select file.* from (${await pageQuery(prepared, page)}) as page
        cross join file on file.number = page.number
        order by page.sort_value ${direction}, page.id ${direction}`.execute(db);
      return found.rows.map((row) => toFile(row, search.workspaceId));
    },

    count: async (search) => countMatches(await prepareSearch(db, search)),

    withNames: async (workspaceId, names) => {
      const [shelf] = await shelvesOf(db, workspaceId, false);
      const files = new Map<string, FileRecord[]>();
      if (shelf === undefined || names.length === 0) return files;
      const found = await sql<Selectable<FileTable>>`
        select * from file where shelf = ${shelf} and name in ${dialectOf(db).oneOf(names)}
        order by created_at, id`.execute(db);
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

    metadataFields: async (workspaceId) => {
      const [shelf] = await shelvesOf(db, workspaceId, false);
      return shelf === undefined ? new Map() : fieldsOf(db, shelf);
    },
  };
};
