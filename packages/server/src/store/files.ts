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
import { walkKeys } from './object-keys.ts';
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

    objectKeysAfter: async (workspaceId, after, limit) => {
      const shelves = await shelvesOf(db, workspaceId, true);
      if (shelves.length === 0) return [];
      const keys = db.selectFrom('file').select('objectKey').where('shelf', 'in', shelves);
      const following = keys.where('objectKey', '>', after).where(dialectOf(db).inTime(sql`number`));
      const rows = await following.orderBy('objectKey').limit(limit).execute();
      return rows.map((row) => row.objectKey);
    },

    objectKeys: (workspaceId) => walkKeys(fileReader(db).objectKeysAfter, workspaceId),

    metadataFields: async (workspaceId) => {
      const [shelf] = await shelvesOf(db, workspaceId, false);
      return shelf === undefined ? new Map() : fieldsOf(db, shelf);
    },
  };
};
