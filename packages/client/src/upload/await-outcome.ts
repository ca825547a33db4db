import { isSidecar } from '@sluice/contract';
import { pause } from '../pause.ts';
import type { RequestOptions } from '../request.ts';
import type { UploadSessions } from '../resources/upload-sessions.ts';
import type { SessionFileRow } from './upload-results.ts';
import { type IngestionCounters, waitForIngestion } from './wait-for-ingestion.ts';

/** A session that an upload used, and how many files its store took. */
export type UsedSession = { sessionId: string; status: 'OPEN' | 'CLOSED' | 'UNKNOWN'; accepted: number };

export type IngestionOutcome = {
  settled: boolean;
  /** By name; of two sessions that list one, the later. */
  rows: Map<string, SessionFileRow>;
  orphanSidecars: string[];
};

const AGAIN_MS = 1_000;

/** Waits until sessions are through, one after the other, and reads what became of their files. */
export const awaitOutcome = async (
  sessions: readonly UsedSession[],
  {
    uploadSessions,
    workspace,
    timeoutMs,
    onCounters,
    ...options
  }: {
    uploadSessions: UploadSessions;
    workspace: string;
    timeoutMs: number;
    /** Gets the sum over all sessions. */
    onCounters: (counters: IngestionCounters) => void;
  } & RequestOptions,
): Promise<IngestionOutcome> => {
  const deadline = performance.now() + timeoutMs;
  const outcome: IngestionOutcome = { settled: true, rows: new Map(), orphanSidecars: [] };
  const before = { finished_files: 0, failed_files: 0 };

  for (const { sessionId, accepted } of sessions) {
    let counters = { finished_files: 0, failed_files: 0 };
    for (let expected = accepted; ; ) {
      const { settled, orphanSidecars } = await waitForIngestion({
        getStatus: () => uploadSessions.get(workspace, sessionId, options),
        onStatus: ({ ingestion_status }) => {
          counters = ingestion_status;
          onCounters(sum(before, counters));
        },
        accepted: expected,
        timeoutMs: deadline - performance.now(),
        signal: options.signal,
      });
      const rows = await filesOf(uploadSessions.allFiles(workspace, sessionId, {}, options));
      const open = rows.some(({ ingestion_status }) => ingestion_status === 'PENDING');
      // Files may have arrived without our having seen the answer: where only counters tell the end, it came early.
      if (settled && open && performance.now() < deadline) {
        expected = Math.max(expected, rows.length);
        await pause(AGAIN_MS, options.signal);
        continue;
      }
      outcome.settled &&= settled && !open;
      outcome.orphanSidecars.push(...orphanSidecars);
      for (const row of rows) outcome.rows.set(row.name, row);
      break;
    }
    before.finished_files += counters.finished_files;
    before.failed_files += counters.failed_files;
  }
  return outcome;
};

const sum = (a: IngestionCounters, b: IngestionCounters): IngestionCounters => ({
  finished_files: a.finished_files + b.finished_files,
  failed_files: a.failed_files + b.failed_files,
});

/** Only what a result needs: of ten thousand rows, whole ones would be the most of what the client holds. */
const filesOf = async (rows: AsyncIterable<SessionFileRow>): Promise<SessionFileRow[]> => {
  const files: SessionFileRow[] = [];
  for await (const { created_at, file_ingestion_id, ...row } of rows)
    if (!isSidecar(row.name)) files.push(row);
  return files;
};
