import { query } from '../../../testing/production/query.ts';

type Settings = Record<string, string>;

const databaseOf = (settings: Settings): string => settings.SLUICE_DATABASE_URL ?? '';

/**
 * As after the seconds in which nobody heard of the workers that died: their jobs are free for others, and at once,
 * where pg-boss would let them rest longer from death to death.
 */
export const ageHeartbeats = async (settings: Settings): Promise<void> => {
  await query(
    databaseOf(settings),
    `update sluice_jobs.job set heartbeat_on = heartbeat_on - interval '1 hour', retry_backoff = false,
       retry_delay = 0, retry_count = 0 where state = 'active'`,
  );
};

/** Rows that belong to nothing, by what they are; all 0 where all is well. */
export const strayRows = (settings: Settings) =>
  query<{ what: string; rows: number }>(
    databaseOf(settings),
    `select what, rows from (values
       ('finished without a file', (select count(*)::int from session_file s where s.status = 'FINISHED'
          and not exists (select from file f where f.id = s.file_id))),
       ('still pending', (select count(*)::int from session_file where status = 'PENDING')),
       ('metadata without a file', (select count(*)::int from file_metadata m
          where not exists (select from file f where f.number = m.file_number))),
       ('two rows of one object', (select count(*) - count(distinct object_key) from file)::int),
       ('counted wrongly', (select count(*)::int from workspace w where file_count <> (select count(*) from file f
          join file_shelf s on s.number = f.shelf where s.workspace_id = w.id and f.temporary_until is null))),
       ('counters unlike rows', (select count(*)::int from upload_session u where ingested_at is not null and
          (total_files, finished_files, failed_files) is distinct from
          (select (count(*)::int, count(*) filter (where status = 'FINISHED')::int,
            count(*) filter (where status = 'FAILED')::int)
           from session_file s where s.session_id = u.id))),
       ('not ingested', (select count(*)::int from upload_session where ingested_at is null)),
       ('garbage', (select count(*)::int from garbage))
     ) as found(what, rows) where rows > 0`,
  );

/** Lets jobs that rest between two tries be tried at once. */
export const hurryRetries = async (settings: Settings): Promise<void> => {
  await query(databaseOf(settings), `update sluice_jobs.job set start_after = now() where state = 'retry'`);
};
