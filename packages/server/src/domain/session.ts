import type { IngestionReason, IngestionStatus, SessionStatus, WriteMode } from '@sluice/contract';
import { SESSION_STATES } from '@sluice/contract';
import type { Instant } from './instant.ts';

export type Session = {
  id: string;
  workspaceId: string;
  createdBy: string;
  /** Key that opened it; null where that was before keys were kept. */
  tokenId: string | null;
  writeMode: WriteMode;
  parallelProcessingEnabled: boolean;
  createdAt: Instant;
  expiresAt: Instant;
  /** When a client closed it. */
  closedAt: Instant | null;
  /** When it ends or ended: `expiresAt` until a client closes it earlier. Ingestion goes in this order. */
  endedAt: Instant;
  /** When its objects had all been listed, so that `totalFiles` is final. */
  listedAt: Instant | null;
  /** When its last file reached a final state. */
  ingestedAt: Instant | null;
  /** When what was uploaded after its end had been removed, and nothing more could come. */
  sweptAt: Instant | null;
  totalFiles: number;
  finishedFiles: number;
  failedFiles: number;
  /** Times ingestion started without making headway since. */
  attempts: number;
  orphanSidecars: string[];
};

/** One file of a session that has ended, on its way into the workspace. */
export type SessionFile = {
  id: string;
  sessionId: string;
  name: string;
  uploadKey: string;
  size: number;
  etag: string;
  /** Key of its sidecar, if one came. */
  sidecarKey: string | null;
  /** Of the sidecar that was listed. Null also where an earlier version listed it. */
  sidecarEtag: string | null;
  /** Bytes. */
  sidecarSize: number | null;
  status: IngestionStatus;
  reason: IngestionReason | null;
  message: string | null;
  fileId: string | null;
  /** When the upload arrived. */
  createdAt: Instant;
};

/**
 * Expiry is read off the clock, never off whether a sweep has run. What a row says has ended has ended, whatever a clock
 * says: closed, or listed by a process whose clock is ahead, so that nothing uploaded from then on would be taken in.
 */
export const sessionStatus = (
  session: Pick<Session, 'closedAt' | 'listedAt' | 'expiresAt'>,
  now: Instant,
): SessionStatus => {
  if (session.closedAt !== null) return 'CLOSED';
  return session.listedAt !== null || session.expiresAt <= now ? 'EXPIRED' : 'OPEN';
};

/** Whether a session takes uploads at `now`. */
export const takesUploads = (session: Parameters<typeof sessionStatus>[0], now: Instant): boolean =>
  SESSION_STATES[sessionStatus(session, now)].takesUploads;
