import type { UploadSessionStatus } from '@sluice/contract';
import { ApiError } from '../http/api-error.ts';
import { ConnectionError } from '../http/connection-error.ts';
import { isPassing } from '../http/retry-timing.ts';
import { pause } from '../pause.ts';
import type { WaitDeadline } from './wait-deadline.ts';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/** How long a server may be out of reach while it is waited for; a restart is shorter. */
const OUT_OF_REACH_MS = 120_000;

export type IngestionCounters = UploadSessionStatus['ingestion_status'];

/**
 * Asks for the status until every file is in a final state, less and less often.
 * @param accepted files the object store took
 * @param getStatus to be ended by the deadline's signal
 * @returns whether they are, or the deadline passed first; and the sidecars the server reports
 */
export const waitForIngestion = async ({
  getStatus,
  accepted,
  deadline,
  onStatus,
  signal,
}: {
  getStatus: () => Promise<UploadSessionStatus>;
  accepted: number;
  deadline: WaitDeadline;
  onStatus: (status: UploadSessionStatus) => void;
  signal: AbortSignal | undefined;
}): Promise<{ settled: boolean; orphanSidecars: string[] }> => {
  let lastAnswer = performance.now();
  let orphanSidecars: string[] = [];
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 1.5, LONGEST_PAUSE_MS)) {
    try {
      const status = await getStatus();
      lastAnswer = performance.now();
      onStatus(status);
      orphanSidecars = status.orphan_sidecars ?? []; // not every service that speaks this API has them
      if (isSettled(status, accepted)) return { settled: true, orphanSidecars };
    } catch (error) {
      if (deadline.hasEndedRequests()) return { settled: false, orphanSidecars };
      if (!passes(error) || performance.now() - lastAnswer > OUT_OF_REACH_MS) throw error;
    }
    const left = deadline.leftMs();
    if (left <= 0) return { settled: false, orphanSidecars };
    await pause(Math.min(wait, left), signal);
  }
};

/**
 * Our server says when a session is through. Others only count, so there it has to be as many as were taken; more than
 * that would wait for ever for files that never arrived.
 */
export const isSettled = (
  status: Pick<UploadSessionStatus, 'ingestion_status'> & { ingested_at?: string | null },
  accepted: number,
): boolean => {
  if (status.ingested_at !== undefined) return status.ingested_at !== null;
  const { finished_files, failed_files } = status.ingestion_status;
  return finished_files + failed_files >= accepted;
};

const passes = (error: unknown): boolean =>
  error instanceof ConnectionError || (error instanceof ApiError && isPassing(error.status));
