import type { NodeClient } from '@sluice/client/node';
import type { UploadSessionStatus } from '@sluice/contract';
import { files, second } from './output/amounts.ts';
import { shellWord } from './output/shell-word.ts';

/** What state a session is in, and the command that goes on from there. */
export const sessionState = (session: UploadSessionStatus, workspaceName: string): string => {
  const { session_id: id, status, total_files, pending_files, ingested_at } = session;
  const rest = `${id}${workspaceName === 'default' ? '' : ` --workspace-name ${shellWord(workspaceName)}`}`;
  if (status === 'OPEN') {
    return (
      `Session ${id} is open with ${files(total_files)}: it takes uploads until ${second(session.expires_at)} and is then ` +
      `ingested with what it has; sluice sessions close ${rest} does so now.`
    );
  }
  const { finished_files, failed_files } = session.ingestion_status;
  // Services other than ours give none; whoever asks knows that it is not through.
  return ingested_at == null
    ? `Session ${id} is ${status.toLowerCase()} and goes on being ingested, ${files(pending_files)} pending: sluice sessions watch ${rest}.`
    : `Session ${id} is ingested: ${finished_files} finished, ${failed_files} failed.`;
};

const ASK_MS = 3_000;

/** The same for a session that was left behind, asked of the server once more but not for long. */
export const stateOfLeftSession = async (
  client: NodeClient,
  workspaceName: string,
  sessionId: string,
): Promise<string> => {
  try {
    const signal = AbortSignal.timeout(ASK_MS);
    const session = await client.uploadSessions.get(workspaceName, sessionId, { signal });
    if (session.ingested_at !== undefined) return sessionState(session, workspaceName);
  } catch {
    // what ended the command may well be what keeps the server from answering
  }
  return `Session ${sessionId} stays as it was left; the server did not tell its state.`;
};
