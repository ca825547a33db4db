import type { Order, SessionSortField } from '@sluice/contract';
import type { Instant } from '../../domain/instant.ts';
import type { Session } from '../../domain/session.ts';
import type { Counted, CountedTimes } from '../growing-counts.ts';
import type { PageRequest, Rows } from './paging.ts';

export type SessionSearch = PageRequest & {
  workspaceId: string;
  /** Only those that this key opened. */
  tokenId?: string | undefined;
  isExpired: boolean;
  now: Instant;
  /** How many match, by which the way to them is chosen. */
  total: number;
  field: SessionSortField;
  order: Order;
};

/** Sessions by id, in lists, in numbers. */
export interface SessionLookup {
  get(workspaceId: string, id: string): Promise<Session | undefined>;
  byId(id: string): Promise<Session | undefined>;
  /** */
  list(search: SessionSearch): Promise<Rows<Session>>;
  /** Sessions of a user that take uploads, those of deleted workspaces not counted. */
  countOpen(userId: string, now: Instant): Promise<number>;
  /** Sessions of a search that were created, and that expired until `now`, at times of such a range. */
  count(
    of: Pick<SessionSearch, 'workspaceId' | 'tokenId'>,
    times: CountedTimes,
  ): Promise<Counted<'created' | 'expired'>>;
  /** Sessions by state over all workspaces; those closed, or expired, at times of such a range. */
  gauges(times: CountedTimes): Promise<SessionGauges>;
}

/** Whose turn it is to be ingested. */
export interface TurnReader {
  /** The first of a workspace's ended sessions that are not ingested and must go in order. */
  nextInOrder(workspaceId: string, now: Instant): Promise<Session | undefined>;
  /** Ids of sessions that were called, or taken, and are not ingested, those called first before others. */
  inTurn(limit: number): Promise<string[]>;
  /** Ids of workspaces of which ended sessions stand in line and none is called. */
  workspacesInLine(now: Instant): Promise<string[]>;
  /** Whether a session of another workspace has been called and not been taken yet: all places are. */
  isAwaitedElsewhere(workspaceId: string): Promise<boolean>;
}

/** Sessions that something is left to be done for. */
export interface SessionWalks {
  /** Ingested sessions whose time ran out before `before`, so that nothing more can be uploaded, and not swept yet. */
  unswept(before: Instant, limit: number): Promise<Session[]>;
  /** Ids of sessions of a workspace, in order, for walks that may take long. */
  idsOfWorkspace(workspaceId: string): AsyncIterable<string>;
}

export interface SessionReader extends SessionLookup, TurnReader, SessionWalks {}

export type SessionGauges = Counted<'closed' | 'expired'> & {
  open: number;
  awaitingIngestion: number;
  /** End of the session that has waited longest, null if none waits. */
  oldestAwaiting: Instant | null;
};

/** From open to swept. */
export interface SessionLife {
  /** Blocks other transactions that count the same user's sessions until this one ends. */
  lockUser(userId: string): Promise<void>;
  insert(session: Session): Promise<void>;
  /** Closes it if it is open at `now`; false otherwise. */
  close(id: string, now: Instant): Promise<boolean>;
  setSwept(id: string, at: Instant): Promise<void>;
}

/** Turns are called, given back and counted. */
export interface TurnWriter {
  /**
   * Calls the first session of the workspace's line, whose job is then to be queued: the earliest end first, of those
   * that must go in order none while another has its turn. Resolves to its id; undefined where there is none, or where
   * one has been called that is not taken yet: a workspace waits with one session at a time.
   */
  callNext(workspaceId: string, now: Instant): Promise<string | undefined>;
  /** Back into the line of its workspace. */
  giveBack(id: string): Promise<void>;
  /** The session is taken; counts one more start of ingestion and resolves to the starts since the last headway. */
  countAttempt(id: string): Promise<number>;
  /** The start that was counted came to nothing through no fault of the session. */
  forgetAttempts(id: string): Promise<void>;
}

/** What ingestion writes down of a session. */
export interface IngestionWriter {
  /** Whether it is still to be listed. Blocks other transactions that ask the same until this one ends. */
  lockUnlisted(id: string): Promise<boolean>;
  /** Makes the rows of its files its total, and counts those that have failed already. */
  setListed(id: string, listed: { at: Instant; orphanSidecars: string[] }): Promise<void>;
  /** Adds to the counters and forgets the attempts: there was headway. */
  addOutcomes(id: string, outcomes: { finished: number; failed: number }): Promise<void>;
  /** False where it was ingested already. */
  setIngested(id: string, at: Instant): Promise<boolean>;
}

export interface SessionWriter extends SessionLife, TurnWriter, IngestionWriter {}
