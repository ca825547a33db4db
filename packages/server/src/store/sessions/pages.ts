import type { SessionSortField } from '@sluice/contract';
import { MAX_SESSION_SECONDS } from '@sluice/contract';
import { type RawBuilder, type Selectable, sql } from 'kysely';
import { SECOND } from '../../domain/instant.ts';
import { unknownCursor } from '../../domain/paging.ts';
import type { Session } from '../../domain/session.ts';
import type { Rows } from '../../service/ports/paging.ts';
import type { SessionSearch } from '../../service/ports/sessions.ts';
import type { Tables } from '../dialect.ts';
import type { UploadSessionTable } from '../schema.ts';
import { toSession } from './row.ts';

/** So many sessions are gone through and sorted rather than looked for along an index. */
const FEW = 1000;

/** What each sort field of the API sorts by, before the order of creation; an index has each. */
const KEYS: Record<SessionSortField, RawBuilder<unknown> | null> = {
  created_at: null,
  expires_at: sql`expires_at`,
  ingestion_status_reason: sql`failed_files`,
  name: sql`id`,
  file_count: sql`total_files`,
  // Of sessions whose time has run out, those not closed have expired; of others, they are open. Closed ones come first.
  status: sql`(closed_at is null)`,
  write_mode: sql`write_mode`,
};

/**
 * One page of a workspace's sessions. Where few match they are found by their time and sorted; otherwise an index is
 * walked that has the order of the list, and most of what it passes matches. A cursor is the id of a session of the
 * workspace, of the key where only that one's are seen: `before` = created earlier than it, `after` = later, whatever the
 * sort, and whether or not that session has expired; it wins over a page number.
 * @throws INVALID where the cursor is no such session
 */
export const findSessions = async (
  { db, dialect }: Tables,
  search: SessionSearch,
): Promise<Rows<Session>> => {
  const { workspaceId, tokenId, isExpired, now, total, limit } = search;
  const { inTime, thenJoin, unindexed } = dialect;
  const ofKey = tokenId === undefined ? sql`` : sql` and token_id = ${tokenId}`;
  const known = sql`workspace_id = ${workspaceId}${ofKey}`;
  const matching = (expiresAt: RawBuilder<unknown>) =>
    sql`${known} and ${expiresAt} ${isExpired ? sql`<=` : sql`>`} ${now} and ${inTime(sql`id`)}`;

  const key = KEYS[search.field];
  // Where the list has another order, the index to be walked is another one.
  const created = key === null ? sql`created_at` : unindexed(sql`created_at`);
  const between: RawBuilder<unknown>[] = [];
  for (const [name, relation] of [
    ['before', sql`<`],
    ['after', sql`>`],
  ] as const) {
    const cursor = search[name];
    if (cursor === null) continue;
    const at = await sql<{ createdAt: number }>`
      select created_at from upload_session where id = ${cursor} and ${known}`.execute(db);
    if (at.rows[0] === undefined) throw unknownCursor(name, cursor);
    between.push(sql`(${created}, id) ${relation} (${at.rows[0].createdAt}, ${cursor})`);
  }
  const isPaged = search.before === null && search.after === null;
  const offset = isPaged ? ((search.pageNumber ?? 1) - 1) * limit : 0;

  const direction = search.order === 'ASC' ? sql`asc` : sql`desc`;
  const keys = [...(key ? [key] : []), sql`created_at`, sql`id`];
  const order = sql.join(keys.map((one) => sql`${one} ${direction}`));
  const end = sql`order by ${order} limit ${limit + 1} offset ${offset}`;

  if (total <= FEW) {
    const where = between.length === 0 ? sql`` : sql`where ${sql.join(between, sql` and `)}`;
    // Materialized: the planner would else walk an index that has the order, past all that do not match.
    return pageOf(
      await sql<Selectable<UploadSessionTable>>`
        with few as materialized (select * from upload_session where ${matching(sql`expires_at`)})
        select * from few ${where} ${end}`.execute(db),
      search,
    );
  }
  // None is open for longer, so none created before that matches.
  if (!isExpired) between.push(sql`${created} > ${now - MAX_SESSION_SECONDS * SECOND}`);
  const conditions = sql.join([matching(unindexed(sql`expires_at`)), ...between], sql` and `);
  return pageOf(
    await sql<Selectable<UploadSessionTable>>`
      select session.* from (select id as page_id from upload_session where ${conditions} ${end}) as page
      ${thenJoin} upload_session as session on session.id = page.page_id order by ${order}`.execute(db),
    search,
  );
};

const pageOf = (
  { rows }: { rows: Selectable<UploadSessionTable>[] },
  { limit, total }: SessionSearch,
): Rows<Session> => ({
  rows: rows.slice(0, limit).map(toSession),
  hasMore: rows.length > limit,
  total,
});
