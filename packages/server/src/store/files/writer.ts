import { type Kysely, sql } from 'kysely';
import type { FileRecord } from '../../domain/file.ts';
import { INDEX_VERSION } from '../../domain/metadata/metadata-index.ts';
import type { FileWriter } from '../../service/ports/files.ts';
import type { ColumnTypes, Tables } from '../dialect.ts';
import { chunksOf, insertRows } from '../insert-rows.ts';
import type { Database, FileTable } from '../schema.ts';
import { renewEntries } from './index-renewal.ts';
import { FILE_COLUMNS, METADATA_COLUMNS, type Place, toFileRow, toMetadataRows } from './rows.ts';
import { nextNumber, shelfFor } from './shelves.ts';

export const fileWriter = (tables: Tables): FileWriter => {
  const { db: trx, dialect } = tables;

  const insertMetadata = async (placed: readonly Placed[]): Promise<void> => {
    const rows = placed.flatMap(({ file, place }) => toMetadataRows(file, place));
    await insertRows(tables, 'fileMetadata', METADATA_COLUMNS, rows);
  };

  const putIn = async (files: readonly FileRecord[]): Promise<void> => {
    for (const [shelf, together] of await byShelf(trx, files)) {
      const first = await nextNumber(trx, shelf);
      const placed = together.map((file, at) => ({ file, place: { number: first + at, shelf } }));
      const rows = placed.map(({ file, place }) => toFileRow(file, place));
      await insertRows(tables, 'file', FILE_COLUMNS, rows);
      await insertMetadata(placed);
      await dialect.names.add(
        trx,
        placed.map(({ place }) => place.number),
      );
    }
  };

  /** Takes out the rows of those that are there, and tells what is needed to put something in their place. */
  const takeOut = async (files: readonly Pick<FileRecord, 'id'>[]): Promise<Taken[]> => {
    const ids = dialect.listed(files.map((file) => file.id));
    const taken = await sql<Taken>`delete from file where id in ${ids} returning ${TAKEN}`.execute(trx);
    const numbers = taken.rows.map((row) => row.number);
    if (numbers.length === 0) return [];
    await sql`delete from file_metadata where file_number in ${dialect.listed(numbers)}`.execute(trx);
    await dialect.names.remove(trx, numbers);
    return taken.rows;
  };

  /** Takes note of a change, of which lists and their totals depend. */
  const countChange = async (out: readonly Counted[], into: readonly Counted[]): Promise<void> => {
    for (const [workspaceId, change] of changes(out, into)) {
      await trx
        .updateTable('workspace')
        .set((eb) => ({
          fileCount: eb('fileCount', '+', change),
          filesVersion: eb('filesVersion', '+', 1),
        }))
        .where('id', '=', workspaceId)
        .execute();
    }
  };

  return {
    // Where transactions write beside each other, changing its row makes others that lock the workspace wait.
    lockWorkspace: async (workspaceId) => {
      const locked = await sql<{ id: string }>`
        update workspace set files_version = files_version
        where id = ${workspaceId} and deleted_at is null
        returning id`.execute(trx);
      return locked.rows.length > 0;
    },

    insertMany: async (files) => {
      if (files.length === 0) return;
      // First, since it locks the workspace, and numbers are given out under that lock.
      await countChange([], files);
      await putIn(files);
    },

    replace: async (files) => {
      if (files.length === 0) return;
      const taken = await takeOut(files);
      const createdAt = new Map(taken.map((row) => [row.id, row.createdAt]));
      const replaced = files.flatMap((file) => {
        const at = createdAt.get(file.id);
        return at === undefined ? [] : [{ ...file, createdAt: at }];
      });
      await putIn(replaced);
      await countChange(taken, replaced);
    },

    setMetadataMany: async (files) => {
      for (const chunk of chunksOf(
        files.map(({ id, metadata }) => ({ id, metadata: JSON.stringify(metadata) })),
      )) {
        const changed = await sql<Taken & { shelf: number }>`
          update file set metadata = given.metadata, index_version = ${sql.lit(INDEX_VERSION)}
          from ${dialect.rows(CHANGE_COLUMNS, chunk)} as given where file.id = given.id
          returning ${TAKEN}, shelf`.execute(trx);
        const numbers = changed.rows.map((row) => row.number);
        if (numbers.length === 0) continue;
        await sql`delete from file_metadata where file_number in ${dialect.listed(numbers)}`.execute(trx);
        const metadataOf = new Map(files.map(({ id, metadata }) => [id, metadata]));
        await insertMetadata(
          changed.rows.map((row) => ({
            file: { createdAt: row.createdAt, metadata: metadataOf.get(row.id) ?? {} },
            place: row,
          })),
        );
        await countChange(changed.rows, changed.rows);
      }
    },

    renewEntries: (limit) => renewEntries(tables, limit),

    remove: async (files) => {
      if (files.length > 0) await countChange(await takeOut(files), []);
    },
  };
};

type Placed = { file: Pick<FileRecord, 'createdAt' | 'metadata'>; place: Place };
type Counted = Pick<FileRecord, 'workspaceId' | 'temporaryUntil'>;
type Taken = Counted & Pick<FileRecord, 'id' | 'createdAt'> & { number: number };

const TAKEN = sql`
  file.id, file.number, file.created_at as "createdAt", file.temporary_until as "temporaryUntil",
  (select workspace_id from file_shelf where file_shelf.number = file.shelf) as "workspaceId"`;

const CHANGE_COLUMNS: ColumnTypes<Pick<FileTable, 'id' | 'metadata'>> = { id: 'text', metadata: 'text' };

const byShelf = async (
  trx: Kysely<Database>,
  files: readonly FileRecord[],
): Promise<Map<number, FileRecord[]>> => {
  const shelves = new Map<number, FileRecord[]>();
  const groups = Map.groupBy(files, (file) => `${file.workspaceId} ${file.temporaryUntil !== null}`);
  for (const group of groups.values()) {
    const { workspaceId, temporaryUntil } = group[0] as FileRecord;
    shelves.set(await shelfFor(trx, workspaceId, temporaryUntil !== null), group);
  }
  return shelves;
};

/** By how much the number of files that lists show changes, for each workspace touched. */
const changes = (out: readonly Counted[], into: readonly Counted[]): Map<string, number> => {
  const byWorkspace = new Map<string, number>();
  const count = (files: readonly Counted[], sign: 1 | -1): void => {
    for (const { workspaceId, temporaryUntil } of files) {
      const before = byWorkspace.get(workspaceId) ?? 0;
      byWorkspace.set(workspaceId, before + (temporaryUntil === null ? sign : 0));
    }
  };
  count(out, -1);
  count(into, 1);
  return byWorkspace;
};
