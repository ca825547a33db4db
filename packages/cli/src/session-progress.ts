import type { NodeClient } from '@sluice/client/node';
import type { SessionStatus, UploadSessionStatus } from '@sluice/contract';

/** How far a session is, of whichever service. */
export type SessionProgress = {
  session: UploadSessionStatus;
  /** Whether all of its files are in their final state. */
  through: boolean;
};

/**
 * Asks how far a session is. Ours tells it all at once. Of a service that gives only what the API documents, the state
 * is read from its list of sessions and the number of files from the list of them; it is through once it is no longer
 * open and as many files have ended as there are.
 * @param known the state as it was last: a session that has ended stays so
 */
export const sessionProgress = async (
  { uploadSessions }: NodeClient,
  workspaceName: string,
  sessionId: string,
  { known, signal }: { known: SessionStatus | undefined; signal: AbortSignal },
): Promise<SessionProgress> => {
  const session = await uploadSessions.get(workspaceName, sessionId, { signal });
  if (session.ingested_at !== undefined) return { session, through: session.ingested_at !== null };

  const listedStatus = async (): Promise<SessionStatus> => {
    for await (const one of uploadSessions.listAll(workspaceName, {}, { signal })) {
      if (one.session_id === sessionId) return one.status ?? 'OPEN';
    }
    return 'EXPIRED'; // lists may leave those out
  };
  const status = known === undefined || known === 'OPEN' ? await listedStatus() : known;
  const { total: total_files } = await uploadSessions.files(
    workspaceName,
    sessionId,
    { limit: 1 },
    { signal },
  );
  const { finished_files, failed_files } = session.ingestion_status;
  const pending_files = Math.max(0, total_files - finished_files - failed_files);
  return {
    session: { ...session, status, total_files, pending_files },
    through: status !== 'OPEN' && pending_files === 0,
  };
};
