import { CamelCasePlugin, type CompiledQuery, Kysely } from 'kysely';
import type { FileRecord } from '../../src/domain/file.ts';
import { uuidOf } from '../../src/domain/uuid.ts';
import type { FileReader, FileSearch, FileWriter } from '../../src/service/ports.ts';
import { fileReader, fileWriter } from '../../src/store/files.ts';
import { up } from '../../src/store/migrations/0001-initial.ts';
import type { Database } from '../../src/store/schema.ts';
import { sqliteDialect } from '../../src/store/sqlite.ts';

export const WORKSPACE = uuidOf('workspace');
export const OTHER_WORKSPACE = uuidOf('other workspace');

export type FileDatabase = {
  db: Kysely<Database>;
  files: FileReader;
  write(work: (files: FileReader & FileWriter) => Promise<void>): Promise<void>;
  /** Every statement that ran, since the list was last emptied. */
  statements: CompiledQuery[];
};

/** A database of its own, with two workspaces, in memory: it ends with the process. */
export const openFileDatabase = async (): Promise<FileDatabase> => {
  const statements: CompiledQuery[] = [];
  const db = new Kysely<Database>({
    dialect: sqliteDialect(':memory:'),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
    log: (event) => {
      statements.push(event.query);
    },
  });
  await up(db as Kysely<unknown>);
  const organizationId = uuidOf('organization');
  await db.insertInto('organization').values({ id: organizationId, name: 'o', pricingPlan: 1 }).execute();
  for (const id of [WORKSPACE, OTHER_WORKSPACE]) {
    await db
      .insertInto('workspace')
      .values({ id, organizationId, name: id, createdAt: 0, deletedAt: null, fileCount: 0, filesVersion: 0 })
      .execute();
  }
  return {
    db,
    files: fileReader(db),
    write: (work) => db.transaction().execute((trx) => work({ ...fileReader(trx), ...fileWriter(trx) })),
    statements,
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
