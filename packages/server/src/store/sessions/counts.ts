import { type Kysely, sql } from 'kysely';
import type { SessionReader } from '../../service/ports/sessions.ts';
import type { Database } from '../schema.ts';
import { awaiting } from './turns.ts';

/** Each count is a range of an index, and all are of one moment. */
export const sessionCounts = (db: Kysely<Database>): Pick<SessionReader, 'count' | 'gauges'> => ({
  count: async ({ workspaceId, tokenId }, { after, settled, now }) => {
    const ofKey = tokenId === undefined ? sql`` : sql` and token_id = ${tokenId}`;
    const ofWorkspace = sql`select count(*) from upload_session where workspace_id = ${workspaceId}${ofKey}`;
    const { rows } = await sql<Record<'created' | 'createdSettled' | 'expired' | 'expiredSettled', number>>`
      select (${ofWorkspace} and created_at > ${after}) as created,
        (${ofWorkspace} and created_at > ${after} and created_at <= ${settled}) as created_settled,
        (${ofWorkspace} and expires_at > ${after} and expires_at <= ${now}) as expired,
        (${ofWorkspace} and expires_at > ${after} and expires_at <= ${settled}) as expired_settled`.execute(
      db,
    );
    const [row] = rows;
    return {
      all: { created: Number(row?.created), expired: Number(row?.expired) },
      settled: { created: Number(row?.createdSettled), expired: Number(row?.expiredSettled) },
    };
  },

  gauges: async ({ after, settled, now }) => {
    const unclosed = sql`select count(*) from upload_session where closed_at is null`;
    const closed = sql`select count(*) from upload_session where closed_at is not null and closed_at > ${after}`;
    const { rows } = await sql<
      Record<'closed' | 'closedSettled' | 'expired' | 'expiredSettled' | 'open', number>
    >`
      select (${closed}) as closed,
        (${closed} and closed_at <= ${settled}) as closed_settled,
        (${unclosed} and expires_at > ${after} and expires_at <= ${now}) as expired,
        (${unclosed} and expires_at > ${after} and expires_at <= ${settled}) as expired_settled,
        (${unclosed} and listed_at is null and expires_at > ${now}) as open`.execute(db);
    const [row] = rows;
    const queue = await awaiting(db, now)
      .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.min('endedAt').as('oldest')])
      .executeTakeFirstOrThrow();
    return {
      all: { closed: Number(row?.closed), expired: Number(row?.expired) },
      settled: { closed: Number(row?.closedSettled), expired: Number(row?.expiredSettled) },
      open: Number(row?.open),
      awaitingIngestion: Number(queue.count),
      oldestAwaiting: queue.oldest === null ? null : Number(queue.oldest),
    };
  },
});
