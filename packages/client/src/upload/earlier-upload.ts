import { isSidecar, type UploadForm } from '@sluice/contract';
import { ConnectionError } from '../connection-error.ts';
import type { RequestOptions } from '../request.ts';
import type { UploadSessions } from '../resources/upload-sessions.ts';
import type { UsedSession } from './await-outcome.ts';
import { closeSession } from './close-session.ts';
import type { UploadResult } from './input.ts';
import type { UploadPlan } from './plan-upload.ts';
import type { SessionFileRow } from './upload-results.ts';
import { waitForIngestion } from './wait-for-ingestion.ts';

/** What an earlier run came to. Each part of it is of use alone. */
export type EarlierUpload = {
  /**
   * A session of that run, open, closed or expired. Files that it lists with the same name and size, and not as failed,
   * are not sent again. Where it is open and its form is not given, it is closed and waited for first, since uploads of
   * the earlier run may still have been arriving, and what is missing goes through a new session.
   */
  sessionId?: string;
  /** The same of an upload that was split over several sessions, in their order. */
  sessionIds?: readonly string[];
  /** The form of the last of these sessions, as `onSession` got it: while it is open, what is missing goes through the same session. */
  form?: UploadForm;
  /** Results of that run: files that finished, with the same name and size, are not sent again. */
  results?: readonly Pick<UploadResult, 'name' | 'status' | 'fileId' | 'size'>[];
};

export type Earlier = {
  /** By input: finished in the results that were given. */
  finished: Map<number, { fileId: string | null }>;
  /** Inputs that one of the sessions has already. */
  inSession: Set<number>;
  /** Only the last can be open: the one to go on with. */
  sessions: { sessionId: string; open: boolean; files: number }[];
};

/** Finds out which files of the plan need not be sent. ApiError NOT_FOUND where there is no such session. */
export const readEarlier = async (
  { sessionId, sessionIds = [], form, results = [] }: EarlierUpload,
  { uploadSessions, workspace, plan, waitTimeoutMs, ...options }: Ask & RequestOptions,
): Promise<Earlier> => {
  const earlier: Earlier = { finished: new Map(), inSession: new Set(), sessions: [] };
  const finished = new Map(
    results.filter(({ status }) => status === 'finished').map((row) => [row.name, row]),
  );
  for (const { input, name, content } of plan.files) {
    const result = finished.get(name);
    if (result && sameSize(result.size, content.size)) earlier.finished.set(input, { fileId: result.fileId });
  }

  const rows = new Map<string, SessionFileRow>();
  const given = sessionId === undefined ? sessionIds : [...sessionIds, sessionId];
  const left = results.filter(({ status }) => status === 'pending').length;
  const filesOf = (id: string) => listFiles(uploadSessions.allFiles(workspace, id, {}, options));
  for (const id of new Set(given)) {
    const status: { status?: string } = await uploadSessions.get(workspace, id, options);
    // Where the service does not say, closing it will tell.
    const goOn = (status.status ?? 'OPEN') === 'OPEN' && form !== undefined && id === given.at(-1);
    if (!goOn) {
      const session: UsedSession = { sessionId: id, status: 'OPEN', accepted: 0 };
      await closeSession(uploadSessions, workspace, session, options);
      const { settled } = await waitForIngestion({
        getStatus: () => uploadSessions.get(workspace, id, options),
        accepted: Math.max((await filesOf(id)).length, id === given.at(-1) ? left : 0),
        timeoutMs: waitTimeoutMs,
        onStatus: () => {},
        signal: options.signal,
      });
      if (!settled) throw new ConnectionError('TIMED_OUT', `Session ${id} was not through in time.`);
    }
    const files = await filesOf(id);
    for (const row of files) if (row.ingestion_status !== 'FAILED') rows.set(row.name, row);
    earlier.sessions.push({ sessionId: id, open: goOn, files: files.length });
  }
  for (const { input, name, content } of plan.files) {
    const row = rows.get(name);
    if (row && sameSize(row.size, content.size) && !earlier.finished.has(input)) earlier.inSession.add(input);
  }
  return earlier;
};

type Ask = { uploadSessions: UploadSessions; workspace: string; plan: UploadPlan; waitTimeoutMs: number };

const listFiles = async (rows: AsyncIterable<SessionFileRow>): Promise<SessionFileRow[]> => {
  const files: SessionFileRow[] = [];
  for await (const row of rows) if (!isSidecar(row.name)) files.push(row);
  return files;
};

/** Services that do not give sizes leave it at the name. */
const sameSize = (known: number | null | undefined, size: number): boolean =>
  known === null || known === undefined || known === size;
