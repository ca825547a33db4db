import { CamelCasePlugin, Kysely, sql } from 'kysely';
import type { User } from '../../domain/accounts/account.ts';
import { migrationState } from '../migrate.ts';
import { reader } from '../repositories.ts';
import type { Database } from '../schema.ts';
import { openReadOnly, readOnlyDialect } from './read-only.ts';

/**
 * Opens the rows of a folder whose server is not running; changes nothing.
 * @throws where they are of another version of the schema
 */
export const openSqliteSource = async (path: string) => {
  const db = new Kysely<Database>({
    dialect: readOnlyDialect(openReadOnly(path)),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
  try {
    await checkSchema(db, path);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  // One of its own, since a walk holds it while others ask.
  const walking = openReadOnly(path);
  const fileObjects = walking.prepare(`
    select object_key as key, id as fileId, name, size, etag from file
    where shelf in (select number from file_shelf where workspace_id = ?) order by object_key`);
  const sum = async (query: ReturnType<typeof sql<{ sum: number }>>): Promise<number> =>
    (await query.execute(db)).rows[0]?.sum ?? 0;
  const count = (from: ReturnType<typeof sql>): Promise<number> =>
    sum(sql<{ sum: number }>`select count(*) as sum from ${from}`);

  return {
    read: reader(db),

    users: async (organizationId: string): Promise<User[]> => {
      const rows = await db
        .selectFrom('appUser')
        .selectAll()
        .where('organizationId', '=', organizationId)
        .orderBy('id')
        .execute();
      return rows.map((row) => ({ ...row, deleted: row.deleted !== 0 }));
    },

    /** Sessions that are not ingested, the earliest end first. */
    unfinishedSessions: () =>
      db
        .selectFrom('uploadSession')
        .innerJoin('workspace', 'workspace.id', 'uploadSession.workspaceId')
        .select(['uploadSession.id', 'workspace.name as workspace', 'closedAt', 'expiresAt'])
        .where('ingestedAt', 'is', null)
        .where('workspace.deletedAt', 'is', null)
        .orderBy('endedAt')
        .orderBy('uploadSession.id')
        .execute(),

    counts: async () => ({
      organizations: await count(sql`organization`),
      users: await count(sql`app_user`),
      tokens: await count(sql`token`),
      workspaces: await count(sql`workspace where deleted_at is null`),
      sessions: await count(sql`upload_session where ${inLiveWorkspace}`),
      sessionFiles: await count(
        sql`session_file where session_id in (select id from upload_session where ${inLiveWorkspace})`,
      ),
      files: await count(sql`file where ${onLiveShelf}`),
    }),

    /** Bytes of all files. */
    bytes: () =>
      sum(sql<{ sum: number }>`select coalesce(sum(size), 0) as sum from file where ${onLiveShelf}`),

    /** What files need of the object store, in ascending order of keys. */
    fileObjects: (workspaceId: string) =>
      fileObjects.iterate(workspaceId) as Iterable<{
        key: string;
        fileId: string;
        name: string;
        size: number;
        etag: string;
      }>,

    close: async (): Promise<void> => {
      walking.close();
      await db.destroy();
    },
  };
};

const inLiveWorkspace = sql`workspace_id in (select id from workspace where deleted_at is null)`;
const onLiveShelf = sql`shelf in (select number from file_shelf where ${inLiveWorkspace})`;

const checkSchema = async (db: Kysely<Database>, path: string): Promise<void> => {
  const { applied, pending, unknown } = await migrationState(db);
  if (applied.length === 0) throw new Error(`${path} is no database of Sluice`);
  if (unknown.length > 0) {
    throw new Error(`${path} was written by a later version of Sluice; use that one`);
  }
  if (pending.length > 0) {
    throw new Error(
      `${path} was written by an earlier version of Sluice; start the server of this version on the folder once, stop it, and run this again`,
    );
  }
};
