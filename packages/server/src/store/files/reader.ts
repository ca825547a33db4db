import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { FileRecord } from '../../domain/file.ts';
import { createBreath } from '../../service/breathe.ts';
import type { FileReader } from '../../service/ports/files.ts';
import type { Tables } from '../dialect.ts';
import { walkKeys } from '../object-keys.ts';
import type { FileTable } from '../schema.ts';
import { countMatches } from './counts.ts';
import { fieldsOf, typesUnder } from './fields.ts';
import { hasOldEntries } from './index-renewal.ts';
import { findPage } from './pages.ts';
import { HEAD_COLUMNS, type HeadRow, toFile, toHead } from './rows.ts';
import { prepareSearch } from './search.ts';
import { shelvesOf } from './shelves.ts';

const HEAD = HEAD_COLUMNS.map((column) => sql.ref(`file.${column}`));

export const fileReader = (tables: Tables): FileReader => {
  const { db, dialect } = tables;
  const { listed, thenJoin } = dialect;
  const filesWithShelf = () => db.selectFrom('file').innerJoin('fileShelf', 'fileShelf.number', 'file.shelf');

  /** From the names to the files, each by a seek: asked the other way round, SQLite goes through all files. */
  const named = async (shelf: number, names: readonly string[], tail: RawBuilder<unknown>) => {
    const found = await sql<HeadRow>`
      select ${sql.join(HEAD)} from ${listed([...new Set(names)])} as asked
      ${thenJoin} file on file.shelf = ${shelf} and file.name = asked.value ${tail}`.execute(db);
    return found.rows;
  };

  return {
    get: async (workspaceId, id) => {
      const row = await filesWithShelf()
        .selectAll('file')
        .where('file.id', '=', id)
        .where('fileShelf.workspaceId', '=', workspaceId)
        .executeTakeFirst();
      return row && toFile(row, workspaceId);
    },

    getMany: async (workspaceId, ids) => {
      const found = await sql<Selectable<FileTable>>`
        select file.* from ${listed([...new Set(ids)])} as asked
        ${thenJoin} file on file.id = asked.value
        ${thenJoin} file_shelf on file_shelf.number = file.shelf
        where file_shelf.workspace_id = ${workspaceId}`.execute(db);
      return new Map(found.rows.map((row) => [row.id, toFile(row, workspaceId)]));
    },

    list: async (search, page) => {
      const prepared = await prepareSearch(tables, search);
      if (prepared.shelves.length === 0) return [];
      // Parsing the metadata of a page may take long.
      const breathe = createBreath();
      const files: FileRecord[] = [];
      for (const row of await findPage(prepared, page)) {
        files.push(toFile(row, search.workspaceId));
        await breathe();
      }
      return files;
    },

    count: async (search) => countMatches(await prepareSearch(tables, search)),

    withNames: async (workspaceId, names) => {
      const [shelf] = await shelvesOf(db, workspaceId, false);
      if (shelf === undefined || names.length === 0) return new Map();
      const rows = await named(shelf, names, sql`order by file.created_at, file.id`);
      return Map.groupBy(
        rows.map((row) => toHead(row, workspaceId)),
        ({ name }) => name,
      );
    },

    some: async (workspaceId, limit, names) => {
      const shelves = await shelvesOf(db, workspaceId, names === undefined);
      const [shelf] = shelves;
      if (shelf === undefined) return [];
      const all = () => db.selectFrom('file').select(HEAD_COLUMNS).where('shelf', 'in', shelves).limit(limit);
      const rows = names ? await named(shelf, names, sql`limit ${limit}`) : await all().execute();
      return rows.map((row) => toHead(row, workspaceId));
    },

    temporaryUntil: async (now, limit) => {
      const rows = await filesWithShelf()
        .select(HEAD_COLUMNS.map((column) => `file.${column}` as const))
        .select('fileShelf.workspaceId')
        .where('temporaryUntil', '<=', now)
        .orderBy('temporaryUntil')
        .limit(limit)
        .execute();
      return rows.map(({ workspaceId, ...row }) => toHead(row, workspaceId));
    },

    objectKeysAfter: async (workspaceId, after, limit) => {
      const shelves = await shelvesOf(db, workspaceId, true);
      if (shelves.length === 0) return [];
      const keys = db.selectFrom('file').select('objectKey').where('shelf', 'in', shelves);
      const following = keys.where('objectKey', '>', after).where(dialect.inTime(sql`number`));
      const rows = await following.orderBy('objectKey').limit(limit).execute();
      return rows.map((row) => row.objectKey);
    },

    objectKeys: (workspaceId) => walkKeys(fileReader(tables).objectKeysAfter, workspaceId),

    hasOldEntries: () => hasOldEntries(db),

    metadataFields: async (workspaceId, limit) => {
      const [shelf] = await shelvesOf(db, workspaceId, false);
      return shelf === undefined ? new Map() : fieldsOf(tables, shelf, limit);
    },

    metadataTypes: async ({ workspaceId, includeTemporary }, keys) =>
      typesUnder(tables, await shelvesOf(db, workspaceId, includeTemporary), keys),
  };
};
