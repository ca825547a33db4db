import type { Readable } from 'node:stream';
import type {
  FileSortField,
  IngestionReason,
  IngestionStatus,
  Order,
  SessionSortField,
  UploadForm,
} from '@sluice/contract';
import type { Powers } from '../domain/access.ts';
import type { Organization, Token, User } from '../domain/account.ts';
import type { FileHead, FileRecord } from '../domain/file.ts';
import type { Instant } from '../domain/instant.ts';
import type { Filter } from '../domain/odata/filter.ts';
import type { Session, SessionFile } from '../domain/session.ts';
import type { Workspace } from '../domain/workspace.ts';
import type { Counted, CountedTimes } from './growing-counts.ts';

/** The time now. Never goes back within a process, so that nothing that has expired comes to life again. */
export type Clock = () => Instant;

/** A new id, a UUID of version 7: ids made later sort later. */
export type NewId = () => string;

// ---------------------------------------------------------------------------------------------- object store

export type StoredObject = {
  key: string;
  /** Bytes. */
  size: number;
  /** Changes whenever the bytes do. MD5 in hex where the store gives one. */
  etag: string;
  storedAt: Instant;
};

/** Both ends inclusive, as in RFC 9110. */
export type ByteRange = { start: number; end: number };

export type ObjectMove = { from: string; to: string; etag: string };

/**
 * `changed`: the object at `from` is not the one with that etag any more. An error, STORAGE_UNAVAILABLE: the store failed
 * at this one, maybe not at others; it is at `from` or at `to`, and may be moved again.
 */
export type MoveOutcome = 'moved' | 'missing' | 'changed' | Error;

/** `etag`: only the object that has it is wanted. */
export type SmallObject = { key: string; etag?: string | null };

/** A body, if it is not over the size asked for, and of the object asked for. An error: as of a move. */
export type SmallBody = Buffer | 'too_large' | 'changed' | Error;

/**
 * Where bytes are. Keys are text of at most 1,024 bytes. What a method resolved for is durable.
 * Every method may be called again with the same arguments after a crash and then ends the same way.
 * Where the store cannot take or give bytes now (disk full, unreachable), methods reject with STORAGE_UNAVAILABLE.
 */
export interface ObjectStore {
  /**
   * Microseconds after the end of a form's time in which an upload with it may still arrive; 0 where `seal` ends uploads
   * for good.
   */
  readonly lateness: number;
  /** A signed form for POSTs to keys below `prefix` (which ends in `/`), valid until `expiresAt` at the latest. */
  createUploadForm(request: { prefix: string; expiresAt: Instant }): Promise<UploadForm>;
  /**
   * Ends uploads to a prefix: each is either visible to every later `list`, or refused. A store that cannot recall a
   * signature does nothing here; what comes late is then found by the sweep.
   */
  seal(prefix: string): Promise<void>;
  /** Objects below a prefix in ascending order of key, those after `after`. Fewer than `limit`: the end. */
  list(prefix: string, page: { after?: string; limit: number }): Promise<StoredObject[]>;
  /** How many objects below the prefix are files and how many are sidecars. */
  count(prefix: string): Promise<{ files: number; sidecars: number }>;
  /** Gives objects other keys, in order, each one whole or not at all. Moved before and now at `to`: `moved`. */
  move(moves: readonly ObjectMove[]): Promise<MoveOutcome[]>;
  /** Bodies of small objects by key. A missing one is absent from the result, one over `maxBytes` is `too_large`. */
  readMany(objects: readonly SmallObject[], maxBytes: number): Promise<Map<string, SmallBody>>;
  /** The bytes of one object, or of a range within its size; undefined where there is none. */
  read(key: string, range?: ByteRange): Promise<Readable | undefined>;
  /** Stores a body under a key, replacing what was there. If `body` throws, nothing is stored and that error passes. */
  put(key: string, body: AsyncIterable<Uint8Array>): Promise<StoredObject>;
  /** Missing keys are fine. */
  delete(keys: readonly string[]): Promise<void>;
  /**
   * Frees what uploads hold that began before an instant and were never finished, such as a killed process leaves; no
   * `list` shows it. Resolves to how many there were; `dryRun` leaves them.
   */
  abortAbandoned(before: Instant, options?: { dryRun?: boolean }): Promise<number>;
  /** Resolves if the store can be reached. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

// ---------------------------------------------------------------------------------------------------- store

/**
 * Rows the service reads and writes. Reads see what was committed; writes are of a transaction, all or nothing. A read
 * that takes too long, or would have to wait for too many of those, rejects with QUERY_TOO_DEAR.
 */
export interface Store {
  readonly read: Reader;
  /**
   * Runs `work` in one transaction. It may run again if the database asks for that: no side effects inside.
   * @param kind `batch`: background work, and steps of a long request. Where there is one writer, `short` ones go before it
   */
  write<T>(work: (tx: Writer) => Promise<T>, kind?: WriteKind): Promise<T>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

export type WriteKind = 'short' | 'batch';

export type Reader = {
  accounts: AccountReader;
  workspaces: WorkspaceReader;
  sessions: SessionReader;
  sessionFiles: SessionFileReader;
  files: FileReader;
  garbage: GarbageReader;
};

export type Writer = {
  accounts: AccountReader & AccountWriter;
  workspaces: WorkspaceReader & WorkspaceWriter;
  sessions: SessionReader & SessionWriter;
  sessionFiles: SessionFileReader & SessionFileWriter;
  files: FileReader & FileWriter;
  garbage: GarbageReader & GarbageWriter;
};

/**
 * Which rows of a list, by number of page or by the id of a row: `before` = created earlier, `after` = later. The row need
 * not match what is searched for, but has to be one that could be in the list: else a reader rejects with INVALID.
 */
export type PageRequest = {
  limit: number;
  pageNumber: number | null;
  before: string | null;
  after: string | null;
};

/** One row more than asked for is never returned; `hasMore` says whether there is one. */
export type Rows<T> = { rows: T[]; hasMore: boolean; total: number };

export interface AccountReader {
  organizations(): Promise<Organization[]>;
  organization(id: string): Promise<Organization | undefined>;
  organizationByName(name: string): Promise<Organization | undefined>;
  user(organizationId: string, id: string): Promise<User | undefined>;
  /** Those of these ids that there are, by id. */
  users(organizationId: string, ids: readonly string[]): Promise<Map<string, User>>;
  /** Newest first, those that match. */
  listUsers(organizationId: string, search: PageRequest & UserSearch): Promise<Rows<User>>;
  userByEmail(organizationId: string, email: string): Promise<User | undefined>;
  tokenByHash(hash: string): Promise<Token | undefined>;
  token(organizationId: string, id: string): Promise<Token | undefined>;
  /** Newest first, those that match. */
  tokens(organizationId: string, search: PageRequest & TokenSearch): Promise<Rows<Token>>;
}

/** `id`: only this one is seen. Deleted users, and those of the role EXTERNAL, are left out unless they are asked for. */
export type UserSearch = { id?: string; includeDeleted: boolean; includeExternal: boolean };

/** `userId`: only the keys of that user. `within`: only those that do no more than this. */
export type TokenSearch = { userId?: string; within?: Powers };

export interface AccountWriter {
  /** Makes other transactions that add or remove keys of this organisation after the same call wait until this one ends. */
  lockTokens(organizationId: string): Promise<void>;
  /** False where the name is taken. */
  insertOrganization(organization: Organization): Promise<boolean>;
  insertUser(user: User): Promise<void>;
  insertToken(token: Token): Promise<void>;
  /**
   * Removes a key; those that were made with it stay, unless `withChildren`, with which all that descend from it go.
   * Resolves to how many went.
   */
  deleteToken(organizationId: string, id: string, options?: { withChildren?: boolean }): Promise<number>;
}

export interface WorkspaceReader {
  byName(organizationId: string, name: string): Promise<Workspace | undefined>;
  byId(id: string): Promise<Workspace | undefined>;
  /** Those of these names that there are. */
  byNames(organizationId: string, names: readonly string[]): Promise<Workspace[]>;
  /** Names by id, of those of these ids that there are. */
  names(ids: readonly string[]): Promise<Map<string, string>>;
  /** All of an organisation, by name. Deleted ones are in no answer of this interface but `deleted`. */
  all(organizationId: string): Promise<Workspace[]>;
  /** Those of them with one of these ids, by name. */
  among(organizationId: string, ids: readonly string[]): Promise<Workspace[]>;
  count(organizationId: string): Promise<number>;
  /** Deleted workspaces whose rows are not gone yet. */
  deleted(): Promise<DeletedWorkspace[]>;
}

export type DeletedWorkspace = {
  id: string;
  organizationId: string;
  /** When all it held had been removed a first time. */
  purgedAt: Instant | null;
  /** When the last of its forms runs out; null where it had no session. */
  lastExpiry: Instant | null;
};

export interface WorkspaceWriter {
  /** False where the name is taken. */
  insert(workspace: Workspace): Promise<boolean>;
  /** Hides it and frees its name. False where there was none. */
  markDeleted(id: string, at: Instant): Promise<boolean>;
  setPurged(id: string, at: Instant): Promise<void>;
  /** Removes at most `limit` rows of a session's files, and its own once none is left. True when that is gone. */
  removeSession(id: string, limit: number): Promise<boolean>;
  /** Removes the row of a deleted workspace; its sessions and files must be gone. */
  remove(id: string): Promise<void>;
}

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

export interface SessionReader {
  get(workspaceId: string, id: string): Promise<Session | undefined>;
  byId(id: string): Promise<Session | undefined>;
  /** */
  list(search: SessionSearch): Promise<Rows<Session>>;
  /** Sessions of a user that take uploads, those of deleted workspaces not counted. */
  countOpen(userId: string, now: Instant): Promise<number>;
  /** The first of a workspace's ended sessions that are not ingested and must go in order. */
  nextInOrder(workspaceId: string, now: Instant): Promise<Session | undefined>;
  /** Ids of sessions that were called, or taken, and are not ingested, those called first before others. */
  inTurn(limit: number): Promise<string[]>;
  /** Ids of workspaces of which ended sessions stand in line and none is called. */
  workspacesInLine(now: Instant): Promise<string[]>;
  /** Whether a session of another workspace has been called and not been taken yet: all places are. */
  isAwaitedElsewhere(workspaceId: string): Promise<boolean>;
  /** Ingested sessions whose time ran out before `before`, so that nothing more can be uploaded, and not swept yet. */
  unswept(before: Instant, limit: number): Promise<Session[]>;
  /** Ids of sessions of a workspace, in order, for walks that may take long. */
  idsOfWorkspace(workspaceId: string): AsyncIterable<string>;
  /** Sessions of a search that were created, and that expired until `now`, at times of such a range. */
  count(
    of: Pick<SessionSearch, 'workspaceId' | 'tokenId'>,
    times: CountedTimes,
  ): Promise<Counted<'created' | 'expired'>>;
  /** Sessions by state over all workspaces; those closed, or expired, at times of such a range. */
  gauges(times: CountedTimes): Promise<SessionGauges>;
}

export type SessionGauges = Counted<'closed' | 'expired'> & {
  open: number;
  awaitingIngestion: number;
  /** End of the session that has waited longest, null if none waits. */
  oldestAwaiting: Instant | null;
};

export interface SessionWriter {
  /** Blocks other transactions that count the same user's sessions until this one ends. */
  lockUser(userId: string): Promise<void>;
  insert(session: Session): Promise<void>;
  /** Closes it if it is open at `now`; false otherwise. */
  close(id: string, now: Instant): Promise<boolean>;
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
  /** Whether it is still to be listed. Blocks other transactions that ask the same until this one ends. */
  lockUnlisted(id: string): Promise<boolean>;
  /** Makes the rows of its files its total, and counts those that have failed already. */
  setListed(id: string, listed: { at: Instant; orphanSidecars: string[] }): Promise<void>;
  /** Adds to the counters and forgets the attempts: there was headway. */
  addOutcomes(id: string, outcomes: { finished: number; failed: number }): Promise<void>;
  /** False where it was ingested already. */
  setIngested(id: string, at: Instant): Promise<boolean>;
  setSwept(id: string, at: Instant): Promise<void>;
  /** The start that was counted came to nothing through no fault of the session. */
  forgetAttempts(id: string): Promise<void>;
}

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

/** What a list of files is asked for. `name` is a literal part of the name. */
export type FileSearch = {
  workspaceId: string;
  name: string | null;
  filter: Filter | null;
  includeTemporary: boolean;
};

export type FileSort = { field: FileSortField; order: Order };

/** Where the page before ended: the value of the sort field there, and the id. */
export type FileCursor = { value: string | Instant; id: string };

export type FilePage = { sort: FileSort; limit: number } & (
  | { after: FileCursor; offset?: never }
  | { offset: number; after?: never }
);

export interface FileReader {
  get(workspaceId: string, id: string): Promise<FileRecord | undefined>;
  /** Those of these ids that there are, by id. With their metadata, up to 250,000 bytes each: ask for few at a time. */
  getMany(workspaceId: string, ids: readonly string[]): Promise<Map<string, FileRecord>>;
  /**
   * At most `limit` rows; ties of the sort field go by id, in the same order. As `count`, it rejects with INDEX_NOT_READY
   * where a filter asks for what files with old entries do not tell.
   */
  list(search: FileSearch, page: FilePage): Promise<FileRecord[]>;
  count(search: FileSearch): Promise<number>;
  /** Whether the metadata of any file are indexed as an earlier version did. */
  hasOldEntries(): Promise<boolean>;
  /** Which of these names are taken, and by which files, the newest last. TEMPORARY files take no name. */
  withNames(workspaceId: string, names: readonly string[]): Promise<Map<string, FileHead[]>>;
  /**
   * At most `limit` files of a workspace in no order, for a deletion that goes in steps: all of them, TEMPORARY ones too,
   * or those of some names, which no TEMPORARY file takes.
   */
  some(workspaceId: string, limit: number, names?: readonly string[]): Promise<FileHead[]>;
  temporaryUntil(now: Instant, limit: number): Promise<FileHead[]>;
  /** Keys of the objects of a workspace's files that come after one, in ascending order of their bytes. */
  objectKeysAfter(workspaceId: string, after: string, limit: number): Promise<string[]>;
  /** All of them, in that order. For walks that may take long. */
  objectKeys(workspaceId: string): AsyncIterable<string>;
  /** Keys of a workspace's metadata, each with the types of its values: the first by name, in the order of their bytes. */
  metadataFields(workspaceId: string, limit: number): Promise<Map<string, string[]>>;
  /** Those of these keys that files have a value under, each with the letters of its types (`TYPE_LETTERS`). */
  metadataTypes(
    where: Pick<FileSearch, 'workspaceId' | 'includeTemporary'>,
    keys: readonly string[],
  ): Promise<Map<string, Set<string>>>;
}

export interface FileWriter {
  /**
   * Blocks other transactions that write files of this workspace until this one ends. Call it before reading names.
   * False where the workspace is deleted.
   */
  lockWorkspace(workspaceId: string): Promise<boolean>;
  insertMany(files: readonly FileRecord[]): Promise<void>;
  /** New content for a file that stays: everything but id and `createdAt` is taken from `file`. */
  replace(files: readonly FileRecord[]): Promise<void>;
  /** Takes the metadata of files as their new one, in few statements; files that are gone, and all else of them, stay so. */
  setMetadataMany(files: readonly Pick<FileRecord, 'id' | 'metadata'>[]): Promise<void>;
  remove(files: readonly Pick<FileRecord, 'id'>[]): Promise<void>;
  /** Indexes the metadata of some files anew that have old entries. Resolves to how many: 0 when none is left. */
  renewEntries(limit: number): Promise<number>;
}

/**
 * Objects to delete. A key is added in the transaction that stops needing the object, or before an upload that may
 * never be finished; so no crash leaves an object that nothing knows of.
 */
export interface GarbageReader {
  /** Keys that may be deleted at `now`. */
  due(now: Instant, limit: number): Promise<string[]>;
  /** Which of these keys are garbage. */
  among(keys: readonly string[]): Promise<Set<string>>;
}

export interface GarbageWriter {
  /** Keys whose objects may be deleted from `notBefore` on. */
  add(keys: readonly string[], notBefore: Instant): Promise<void>;
  /** Lets keys be deleted from `notBefore` on; those that are no garbage any more stay as they are. */
  hasten(keys: readonly string[], notBefore: Instant): Promise<void>;
  /** Forgets keys: their objects are gone, or needed. */
  remove(keys: readonly string[]): Promise<void>;
}

// ----------------------------------------------------------------------------------------------------- jobs

/** Work that is only ever a hint to look at rows: it may be lost, and it may run twice. */
export type Job =
  | { kind: 'ingest'; sessionId: string }
  | { kind: 'purge_workspace'; workspaceId: string; organizationId: string }
  | { kind: 'collect_garbage' }
  /** Once after an upgrade: gives the metadata of all files the entries that this version searches. */
  | { kind: 'renew_index' }
  | { kind: 'sweep' };

/** Resolves to the job that is to follow, which may be an equal one: it is added when this one has ended. */
export type JobHandler = (job: Job, signal: AbortSignal) => Promise<Job | undefined>;

export interface JobQueue {
  /**
   * Jobs of a kind are handed out in the order they came. One that is equal to one in hand (it waits, runs, or rests
   * between two tries) is not added. Never throws: what could not be added is found by a sweep.
   */
  enqueue(job: Job): void;
  /** Starts handing jobs out, and a sweep now and then. Each kind has places of its own. */
  start(handle: JobHandler): void;
  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void>;
  /** Jobs of all processes. */
  counts(): Promise<JobCounts>;
  /** Hands out no more, signals the running ones, resolves when they have ended. */
  stop(): Promise<void>;
}

/** `dead`: given up after all their tries, and kept for the operator. */
export type JobCounts = { waiting: number; running: number; dead: number };

// ------------------------------------------------------------------------------------------------- telling

/** Where the service says what happened, for logs and metrics. Never throws. */
export interface Observer {
  filesSettled(outcomes: { finished: number; failed: Partial<Record<IngestionReason, number>> }): void;
  /** `seconds`: from the end of the session to its last file in a final state. */
  sessionIngested(sessionId: string, seconds: number): void;
  /**
   * A try of a job, or a part of one that goes on, came to nothing and will be tried again. Told the first time it goes
   * wrong; of an error that is told again, or that only carries told ones, nothing is counted.
   */
  tryFailed(job: Job, error: unknown): void;
  jobDone(job: Job): void;
  /** A job that failed in all its tries; the sweep finds again what it was for. */
  jobFailed(job: Job, error: unknown): void;
  /** The queue itself failed at something, and goes on. */
  queueFailed(error: unknown): void;
  /** The thread that writes objects has ended; another is started. */
  writerFailed(error: unknown): void;
  /** A row names an object that is not in the store, as somebody just found. May be told many times of one object. */
  objectLost(lost: LostObject): void;
  /** All that a deleted workspace held is about to be removed, in one of two rounds: see `DeletedWorkspace`. */
  purgeBegun(workspaceId: string): void;
  purgeDone(purge: Purge): void;
}

/** `fileId`: of the file, or of its row in a session while it is ingested. */
export type LostObject = { fileId: string; key: string };

/** What a round of a purge removed. `final`: the row of the workspace went with it, and no round follows. */
export type Purge = { workspaceId: string; files: number; objects: number; seconds: number; final: boolean };
