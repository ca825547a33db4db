import type { CompiledQuery, Kysely } from 'kysely';
import type { FileRecord } from '../../packages/server/src/domain/file.ts';
import { uuidOf } from '../../packages/server/src/domain/uuid.ts';
import type { FileReader, FileSearch, FileWriter } from '../../packages/server/src/service/ports/files.ts';
import { fileReader } from '../../packages/server/src/store/files/reader.ts';
import { fileWriter } from '../../packages/server/src/store/files/writer.ts';
import type { Database } from '../../packages/server/src/store/schema.ts';
import { tablesOf } from '../../packages/server/src/store/tables-of.ts';

export const WORKSPACE = uuidOf('workspace');
export const OTHER_WORKSPACE = uuidOf('other workspace');

export type FileDatabase = {
  db: Kysely<Database>;
  files: FileReader;
  write(work: (files: FileReader & FileWriter) => Promise<void>): Promise<void>;
  /** Every statement that ran, since the list was last emptied. */
  statements: CompiledQuery[];
  /** Entries of the index of names that belong to no file. */
  strayNames(): Promise<number>;
};

/** Opens a database of its own, with two workspaces. */
export type OpenFileDatabase = () => Promise<FileDatabase>;

/** Two workspaces without files, and the ports over them. */
export const prepareFiles = async (
  db: Kysely<Database>,
  statements: CompiledQuery[],
  strayNames: FileDatabase['strayNames'],
): Promise<FileDatabase> => {
  const organizationId = uuidOf('organization');
  await db.insertInto('organization').values({ id: organizationId, name: 'o', pricingPlan: 1 }).execute();
  const unused = { createdAt: 0, deletedAt: null, purgedAt: null, fileCount: 0, filesVersion: 0 };
  for (const id of [WORKSPACE, OTHER_WORKSPACE]) {
    await db
      .insertInto('workspace')
      .values({ id, organizationId, name: id, ...unused })
      .execute();
  }
  return {
    db,
    files: fileReader(tablesOf(db)),
    write: (work) =>
      db.transaction().execute((trx) => {
        const tables = tablesOf(trx);
        return work({ ...fileReader(tables), ...fileWriter(tables) });
      }),
    statements,
    strayNames,
  };
};

/** A file that differs from others by `which`; what matters to the test is given. */
export const fileOf = (which: string | number, given: Partial<FileRecord> = {}): FileRecord => ({
  id: uuidOf(`file ${which}`),
  workspaceId: WORKSPACE,
  name: `${which}.txt`,
  size: 10,
  characters: 0,
  createdAt: 1_700_000_000_000_000,
  metadata: {},
  objectKey: `objects/${which}`,
  etag: `etag-${which}`,
  temporaryUntil: null,
  ...given,
});

export const searchFor = (given: Partial<FileSearch> = {}): FileSearch => ({
  workspaceId: WORKSPACE,
  name: null,
  filter: null,
  includeTemporary: false,
  ...given,
});

export const workspaceCounters = async ({ db }: FileDatabase, id = WORKSPACE) =>
  db
    .selectFrom('workspace')
    .select(['fileCount', 'filesVersion'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
