import { ApiError } from '../http/api-error.ts';
import type { RequestOptions } from '../http/request.ts';
import type { UploadSessions } from '../resources/upload-sessions.ts';
import type { UsedSession } from './await-outcome.ts';

/** A session that is closed already is what was wanted: the reply to our close was lost, or it has expired. */
export const closeSession = async (
  uploadSessions: UploadSessions,
  workspace: string,
  session: UsedSession,
  options: RequestOptions,
): Promise<void> => {
  session.status = 'UNKNOWN';
  try {
    await uploadSessions.close(workspace, session.sessionId, options);
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'CONFLICT')) throw error;
  }
  session.status = 'CLOSED';
};
