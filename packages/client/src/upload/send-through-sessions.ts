import type { UploadForm } from '@sluice/contract';
import type { UploadSessions } from '../resources/upload-sessions.ts';
import type { UsedSession } from './await-outcome.ts';
import { closeSession } from './close-session.ts';
import type { Content } from './planning/content.ts';
import type { PlannedFile } from './planning/plan-upload.ts';
import { sendFiles } from './sending/send-files.ts';
import { createSendObject, type SendOutcome, type SendSettings } from './sending/send-object.ts';
import { sessionRequest, type UploadOptions } from './upload-options.ts';

/** Files in a session at most: the documented limit. */
export const MAX_FILES_PER_SESSION = 10_000;

export type SendJob = {
  uploadSessions: UploadSessions;
  workspace: string;
  files: readonly PlannedFile[];
  orphanSidecars: readonly { name: string; content: Content }[];
  /** An open session that what is first goes through, with its form. */
  first: { session: UsedSession; form: UploadForm } | null;
  /** Gets every session as it is opened; their states and counts change as it goes on. */
  sessions: UsedSession[];
  options: UploadOptions;
  concurrency: number;
  settings: SendSettings;
  onClosing: () => void;
  onSending: () => void;
  onSent: (file: PlannedFile, outcome: SendOutcome) => void;
};

/** Sends files through as many sessions as they need, one after the other, each of them closed before the next. */
export const sendThroughSessions = async (job: SendJob): Promise<void> => {
  const { uploadSessions, workspace, files, first, options } = job;
  const { signal, maxFilesPerSession = MAX_FILES_PER_SESSION } = options;
  let orphans = job.orphanSidecars;
  let used = first;
  for (let at = 0; at < files.length || orphans.length > 0 || used !== null; ) {
    const { session, form } = used ?? (await openSession(job));
    const room = Math.max(0, maxFilesPerSession - session.accepted);
    const batch = files.slice(at, at + room);
    at += batch.length;
    job.onSending();
    const send = createSendObject(form, job.settings);
    for (const { name, content } of orphans) await send(name, content);
    await sendFiles(batch, {
      send,
      concurrency: job.concurrency,
      onSent: (file, outcome) => {
        if (outcome.accepted) session.accepted++;
        job.onSent(file, outcome);
      },
    });
    job.onClosing();
    await closeSession(uploadSessions, workspace, session, { signal });
    orphans = [];
    used = null;
  }
};

const openSession = async ({ uploadSessions, workspace, sessions, options }: SendJob) => {
  const created = await uploadSessions.create(workspace, sessionRequest(options), { signal: options.signal });
  const session: UsedSession = { sessionId: created.session_id, status: 'OPEN', accepted: 0 };
  sessions.push(session);
  await options.onSession?.(created);
  return { session, form: created.aws_prefixed_request_config };
};
