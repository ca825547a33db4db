import { FILE_STATES, isSidecar } from '@sluice/contract/plain';
import type { RequestOptions } from '../http/request.ts';
import { pause } from '../pause.ts';
import type { UploadSessions } from '../resources/upload-sessions.ts';
import type { SessionFileRow } from './upload-results.ts';
import { type WaitDeadline, waitDeadline } from './wait-deadline.ts';
import { type IngestionCounters, waitForIngestion } from './wait-for-ingestion.ts';

/** A session that an upload used, and how many files its store took. */
export type UsedSession = {
  sessionId: string;
  status: 'OPEN' | 'CLOSED' | 'UNKNOWN';
  accepted: number;
  /** Of an earlier run, and nothing is sent through it any more. */
  earlier?: boolean;
};

export type IngestionOutcome = {
  settled: boolean;
  /** By name, of the sessions that files were sent through; of two that list one, the later. */
  rows: Map<string, SessionFileRow>;
  /** The same of sessions of an earlier run. */
  earlierRows: Map<string, SessionFileRow>;
  orphanSidecars: string[];
};

const AGAIN_MS = 1_000;

/** Waits until sessions are through, one after the other, and reads what became of their files. */
export const awaitOutcome = async (
  sessions: readonly UsedSession[],
  { timeoutMs, signal, ...asking }: Asking & { timeoutMs: number } & RequestOptions,
): Promise<IngestionOutcome> => {
  const deadline = waitDeadline(timeoutMs, signal);
  try {
    return await readOutcome(sessions, { ...asking, deadline, signal });
  } finally {
    deadline.clear();
  }
};

type Asking = {
  uploadSessions: UploadSessions;
  workspace: string;
  /** Gets the sum over all sessions. */
  onCounters: (counters: IngestionCounters) => void;
};

const readOutcome = async (
  sessions: readonly UsedSession[],
  {
    uploadSessions,
    workspace,
    onCounters,
    deadline,
    signal,
  }: Asking & { deadline: WaitDeadline } & RequestOptions,
): Promise<IngestionOutcome> => {
  const outcome: IngestionOutcome = {
    settled: true,
    rows: new Map(),
    earlierRows: new Map(),
    orphanSidecars: [],
  };
  const before = { finished_files: 0, failed_files: 0 };
  const options = { signal: deadline.signal };

  for (const { sessionId, accepted, earlier } of sessions) {
    let counters = { finished_files: 0, failed_files: 0 };
    for (let expected = accepted; ; ) {
      const { settled, orphanSidecars } = await waitForIngestion({
        getStatus: () => uploadSessions.get(workspace, sessionId, options),
        onStatus: ({ ingestion_status }) => {
          counters = ingestion_status;
          onCounters(sum(before, counters));
        },
        accepted: expected,
        deadline,
        signal,
      });
      const files = uploadSessions.allFiles(workspace, sessionId, {}, options);
      const { rows, complete } = await readRows(files, deadline);
      const open =
        !complete || rows.some(({ ingestion_status }) => FILE_STATES[ingestion_status]?.final === false);
      // Files may have arrived without our having seen the answer: where only counters tell the end, it came early.
      if (settled && open && deadline.leftMs() > 0) {
        expected = Math.max(expected, rows.length);
        await pause(AGAIN_MS, signal);
        continue;
      }
      outcome.settled &&= settled && !open;
      outcome.orphanSidecars.push(...orphanSidecars);
      for (const row of rows) (earlier ? outcome.earlierRows : outcome.rows).set(row.name, row);
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

/**
 * Only what a result needs: of ten thousand rows, whole ones would be the most of what the client holds.
 * Where time runs out, those that have come by then.
 */
const readRows = async (
  listed: AsyncIterable<SessionFileRow>,
  deadline: WaitDeadline,
): Promise<{ rows: SessionFileRow[]; complete: boolean }> => {
  const rows: SessionFileRow[] = [];
  try {
    for await (const { created_at, file_ingestion_id, ...row } of listed)
      if (!isSidecar(row.name)) rows.push(row);
    return { rows, complete: true };
  } catch (error) {
    if (deadline.hasEndedRequests()) return { rows, complete: false };
    throw error;
  }
};
