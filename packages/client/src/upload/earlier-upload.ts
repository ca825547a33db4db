import type { UploadForm } from '@sluice/contract';
import { isSidecar } from '@sluice/contract/plain';
import { ArgumentError, needTexts, refuseUnset } from '../argument-error.ts';
import { ConnectionError } from '../http/connection-error.ts';
import type { RequestOptions } from '../http/request.ts';
import type { UploadSessions } from '../resources/upload-sessions.ts';
import type { UsedSession } from './await-outcome.ts';
import { closeSession } from './close-session.ts';
import type { UploadResult } from './planning/input.ts';
import type { UploadPlan } from './planning/plan-upload.ts';
import type { SessionFileRow } from './upload-results.ts';
import { waitDeadline } from './wait-deadline.ts';
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
  /**
   * The form of the last of these sessions, as `onSession` got it: while it is open, what is missing goes through the same
   * session. The service has to say that it is, in its list of sessions if nowhere else.
   */
  form?: UploadForm;
  /** Results of that run: files that finished, with the same name and size, are not sent again. */
  results?: readonly Pick<UploadResult, 'name' | 'status' | 'fileId' | 'size'>[];
};

export type Earlier = {
  /** By input: finished in the results that were given. */
  finished: Map<number, { fileId: string | null }>;
  /** Inputs that one of the sessions has already. */
  inSession: Set<number>;
};

/**
 * What there is of an earlier run; nothing where none is spoken of. One that is spoken of and says nothing would have
 * everything sent again.
 * @throws ArgumentError
 */
export const checkedResume = (options: { resume?: EarlierUpload }): EarlierUpload => {
  refuseUnset(options, ['resume']);
  const { resume } = options;
  if (resume === undefined) return {};
  refuseUnset(resume, ['sessionId', 'sessionIds', 'form', 'results']);
  const { sessionId, sessionIds = [], results = [] } = resume;
  needTexts(sessionIds, 'sessionIds of resume');
  if (sessionId === undefined && sessionIds.length === 0 && results.length === 0) {
    throw new ArgumentError(
      'resume names no session and no results. Leave it out for an upload of everything.',
    );
  }
  return resume;
};

/** Files that finished in the results of an earlier run, as they are now. */
export const finishedEarlier = (
  { results = [] }: EarlierUpload,
  { files }: UploadPlan,
): Earlier['finished'] => {
  const byName = new Map(results.filter(({ status }) => status === 'finished').map((row) => [row.name, row]));
  const finished: Earlier['finished'] = new Map();
  for (const { input, name, content } of files) {
    const result = byName.get(name);
    if (result && sameSize(result.size, content.size)) finished.set(input, { fileId: result.fileId });
  }
  return finished;
};

/**
 * Finds out which files of the plan the sessions of an earlier run have, and closes those that are not gone on with.
 * ApiError NOT_FOUND where there is no such session, before anything is closed.
 * @param sessions gets them all, `earlier` but for the one to go on with, which can only be the last
 */
export const readEarlierSessions = async (
  { sessionId, sessionIds = [], form, results = [] }: EarlierUpload,
  { uploadSessions, workspace, plan, waitTimeoutMs, sessions, ...options }: Ask & RequestOptions,
): Promise<Earlier['inSession']> => {
  const given = new Set(sessionId === undefined ? sessionIds : [...sessionIds, sessionId]);
  const lastId = [...given].at(-1);
  const left = results.filter(({ status }) => status === 'pending').length;
  const filesOf = (id: string) => listFiles(uploadSessions.allFiles(workspace, id, {}, options));
  const found: UsedSession[] = [];
  for (const id of given) {
    let { status }: { status?: string } = await uploadSessions.get(workspace, id, options);
    const mayGoOn = id === lastId && form !== undefined;
    if (mayGoOn) status ??= await listedStatus(id, { uploadSessions, workspace, ...options });
    found.push({
      sessionId: id,
      status: stateOf(status),
      accepted: 0,
      earlier: !(mayGoOn && status === 'OPEN'),
    });
  }
  sessions.push(...found);

  const rows = new Map<string, SessionFileRow>();
  const deadline = waitDeadline(waitTimeoutMs, options.signal);
  try {
    for (const session of found) {
      const id = session.sessionId;
      if (session.earlier) {
        await closeSession(uploadSessions, workspace, session, options);
        const { settled } = await waitForIngestion({
          getStatus: () => uploadSessions.get(workspace, id, { signal: deadline.signal }),
          accepted: Math.max((await filesOf(id)).length, id === lastId ? left : 0),
          onStatus: () => {},
          deadline,
          signal: options.signal,
        });
        if (!settled) throw new ConnectionError('TIMED_OUT', `Session ${id} was not through in time.`);
      }
      const files = await filesOf(id);
      for (const row of files) if (row.ingestion_status !== 'FAILED') rows.set(row.name, row);
      session.accepted = files.length;
    }
  } finally {
    deadline.clear();
  }
  const inSession = new Set<number>();
  for (const { input, name, content } of plan.files) {
    const row = rows.get(name);
    if (row && sameSize(row.size, content.size)) inSession.add(input);
  }
  return inSession;
};

type Ask = {
  uploadSessions: UploadSessions;
  workspace: string;
  plan: UploadPlan;
  waitTimeoutMs: number;
  sessions: UsedSession[];
};

/** An expired one is closed as well. */
const stateOf = (status: string | undefined): UsedSession['status'] =>
  status === undefined ? 'UNKNOWN' : status === 'OPEN' ? 'OPEN' : 'CLOSED';

/**
 * What the list of sessions says, for services whose status of a single one does not: a closed one may still take objects
 * that it never ingests. Among the newest hundred; what is not there is not gone on with.
 */
const listedStatus = async (
  sessionId: string,
  { uploadSessions, workspace, ...options }: Pick<Ask, 'uploadSessions' | 'workspace'> & RequestOptions,
): Promise<string | undefined> => {
  const { data } = await uploadSessions.list(workspace, { limit: 100 }, options);
  return data.find(({ session_id }) => session_id === sessionId)?.status;
};

const listFiles = async (rows: AsyncIterable<SessionFileRow>): Promise<SessionFileRow[]> => {
  const files: SessionFileRow[] = [];
  for await (const row of rows) if (!isSidecar(row.name)) files.push(row);
  return files;
};

/** Services that do not give sizes leave it at the name. */
const sameSize = (known: number | null | undefined, size: number): boolean =>
  known === null || known === undefined || known === size;
