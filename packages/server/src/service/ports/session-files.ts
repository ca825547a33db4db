import type { IngestionReason, IngestionStatus } from '@sluice/contract';
import type { Instant } from '../../domain/instant.ts';
import type { SessionFile } from '../../domain/session.ts';
import type { PageRequest, Rows } from './paging.ts';

/** `total`: how many match, as the session's counters have it; without, they are counted. */
export type SessionFileSearch = PageRequest & {
  sessionId: string;
  status: IngestionStatus | null;
  total?: number;
};

/** Position in a walk over the files of a session. */
export type SessionFilePosition = { createdAt: Instant; id: string };

export interface SessionFileReader {
  /** In order of arrival. */
  list(search: SessionFileSearch): Promise<Rows<SessionFile>>;
  /** PENDING ones in order of arrival, after a position. */
  pending(sessionId: string, after: SessionFilePosition | null, limit: number): Promise<SessionFile[]>;
  /** Which of these are PENDING. */
  pendingAmong(ids: readonly string[]): Promise<Set<string>>;
}

export type SessionFileOutcome =
  | { id: string; status: 'FINISHED'; fileId: string }
  | { id: string; status: 'FAILED'; reason: IngestionReason; message: string };

export interface SessionFileWriter {
  /** Adds rows; one whose id is there already stays as it is. */
  insertMany(files: readonly SessionFile[]): Promise<void>;
  settle(outcomes: readonly SessionFileOutcome[]): Promise<void>;
}
