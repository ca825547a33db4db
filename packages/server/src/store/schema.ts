import type { IngestionReason, IngestionStatus, Role, WriteMode } from '@sluice/contract';
import type { Generated } from 'kysely';
import type { Instant } from '../domain/instant.ts';

/**
 * The tables, in camel case; columns are their snake case (CamelCasePlugin). Times are microseconds, truths 0 or 1,
 * JSON is text: types that SQLite and PostgreSQL hold alike.
 */
export type Database = {
  organization: OrganizationTable;
  appUser: AppUserTable;
  token: TokenTable;
  deletedToken: DeletedTokenTable;
  workspace: WorkspaceTable;
  uploadSession: UploadSessionTable;
  sessionFile: SessionFileTable;
  fileShelf: FileShelfTable;
  file: FileTable;
  fileMetadata: FileMetadataTable;
  garbage: GarbageTable;
};

export type OrganizationTable = { id: string; name: string; pricingPlan: number };

export type AppUserTable = {
  id: string;
  organizationId: string;
  givenName: string;
  familyName: string;
  email: string;
  role: Role;
  deleted: number;
};

export type TokenTable = {
  id: string;
  organizationId: string;
  userId: string;
  name: string | null;
  hash: string;
  role: Role;
  workspaceIds: string | null;
  createdAt: Instant;
  expiresAt: Instant | null;
  permissions: string | null;
  createdByTokenId: string | null;
  parentId: string | null;
};

/** What is left of a key: its place in lists, and what says who saw it there. */
export type DeletedTokenTable = Omit<TokenTable, 'name' | 'hash' | 'createdByTokenId' | 'parentId'>;

export type WorkspaceTable = {
  id: string;
  organizationId: string;
  name: string;
  createdAt: Instant;
  deletedAt: Instant | null;
  purgedAt: Instant | null;
  fileCount: number;
  filesVersion: number;
};

export type UploadSessionTable = {
  id: string;
  workspaceId: string;
  createdBy: string;
  writeMode: WriteMode;
  parallelProcessingEnabled: number;
  createdAt: Instant;
  expiresAt: Instant;
  closedAt: Instant | null;
  endedAt: Instant;
  listedAt: Instant | null;
  ingestedAt: Instant | null;
  sweptAt: Instant | null;
  totalFiles: number;
  finishedFiles: number;
  failedFiles: number;
  attempts: number;
  orphanSidecars: string;
  tokenId: string | null;
  /** One of `TURNS` in `store/sessions/turns.ts`. */
  turn: Generated<number>;
};

export type SessionFileTable = {
  id: string;
  sessionId: string;
  name: string;
  uploadKey: string;
  size: number;
  etag: string;
  sidecarKey: string | null;
  sidecarEtag: string | null;
  sidecarSize: number | null;
  status: IngestionStatus;
  reason: IngestionReason | null;
  message: string | null;
  fileId: string | null;
  createdAt: Instant;
};

/**
 * Where lists look: the files of one workspace, TEMPORARY ones on a shelf of their own. The number stands in indexes in
 * place of a workspace's id, and begins the numbers of its files.
 */
export type FileShelfTable = {
  number: Generated<number>;
  workspaceId: string;
  temporary: number;
};

/** `number` is what indexes refer to a file by; an OVERWRITE changes it. See `store/files/shelves.ts`. */
export type FileTable = {
  number: number;
  id: string;
  shelf: number;
  name: string;
  size: number;
  characters: number;
  createdAt: Instant;
  objectKey: string;
  etag: string;
  temporaryUntil: Instant | null;
  /** After those, since it may be large: they are read without it. */
  metadata: string;
  /** Of its rows in `fileMetadata`: `INDEX_VERSION`, or 0 until a job has come to them. */
  indexVersion: number;
};

/**
 * One row for every scalar in a file's metadata, lists taken apart: what filters search. `path` is the dotted key,
 * `value` a text whose order is that of the values (see `domain/metadata/metadata-index.ts`), cut where it is long; `fullValue`
 * is then the whole of it. `shelf` and `createdAt` repeat the file's, so that one index both finds and sorts.
 */
export type FileMetadataTable = {
  fileNumber: number;
  path: string;
  value: string;
  shelf: number;
  createdAt: Instant;
  fullValue: string | null;
};

/** Keys of objects that no row needs, or that an upload under way has reserved: what is due is deleted. */
export type GarbageTable = { key: string; notBefore: Instant };
