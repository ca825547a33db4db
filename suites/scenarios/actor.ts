import type {
  File,
  UploadSession,
  UploadSessionFile,
  UploadSessionStatus,
  WriteMode,
} from '@sluice/contract';

export type UploadWishes = {
  writeMode?: WriteMode;
  /** Folders within folders as well; true where absent. */
  recursive?: boolean;
  /** Ends of names; all where absent. */
  fileTypes?: readonly string[];
  /** false: do not wait for ingestion. */
  wait?: boolean;
  /** One file at a time. */
  safeMode?: boolean;
  parallelProcessing?: boolean;
  orphanSidecars?: 'skip' | 'send';
};

export type Outcome = {
  name: string;
  status: 'finished' | 'failed' | 'skipped' | 'pending';
  reason: string | null;
  message: string | null;
  fileId: string | null;
};

export type Uploaded = { sessionId: string | null; results: Outcome[]; orphanSidecars: string[] };

export type FileWishes = { name?: string; filter?: string; batchSize?: number };

export type DownloadWishes = FileWishes & {
  includeMetadata?: boolean;
  existing?: 'number' | 'skip';
  safeMode?: boolean;
};

export type Saved = { name: string; status: 'saved' | 'skipped' | 'failed'; path: string | null };

/** Where an actor works, and as whom. */
export type Address = { baseUrl: string; apiKey: string };

/**
 * Someone who uses Sluice. What a workspace holds for the scenarios to look into is read elsewhere.
 * All reject with a Refusal or with Unreachable where the server says no, or nothing at all.
 */
export type Actor = {
  /** Each path is a file or a folder. */
  upload(workspace: string, paths: readonly string[], wishes?: UploadWishes): Promise<Uploaded>;
  listFiles(workspace: string, wishes?: FileWishes): Promise<File[]>;
  download(workspace: string, folder: string, wishes?: DownloadWishes): Promise<Saved[]>;
  /** Deletes all files that have exactly one of the names. Resolves to their number. */
  deleteFiles(workspace: string, names: readonly string[]): Promise<number>;
  /** Sets the given keys, deletes those given as null. Resolves to the whole metadata afterwards. */
  updateMetadata(workspace: string, fileId: string, changes: object): Promise<object>;
  /** Those whose time is not up, unless told otherwise. */
  listSessions(
    workspace: string,
    wishes?: { isExpired?: boolean; batchSize?: number },
  ): Promise<UploadSession[]>;
  session(workspace: string, sessionId: string): Promise<UploadSessionStatus>;
  sessionFiles(workspace: string, sessionId: string, status?: 'FAILED'): Promise<UploadSessionFile[]>;
  /** Follows a session until all of its files are ingested. */
  watchSession(workspace: string, sessionId: string): Promise<UploadSessionStatus>;
  closeSession(workspace: string, sessionId: string): Promise<void>;
};

/** The server said no. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  constructor(status: number, said: string) {
    super(said);
    this.status = status;
  }
}

/** The server could not be reached. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}
