import type { IngestionReason, IngestionStatus, Role, WriteMode } from '@sluice/contract';
import type { Instant } from '../domain/instant.ts';

/**
 * The tables, in camel case; columns are their snake case (CamelCasePlugin). Times are microseconds, truths 0 or 1,
 * JSON is text: types that SQLite and PostgreSQL hold alike.
 */
export type Database = {
  organization: OrganizationTable;
  appUser: AppUserTable;
  token: TokenTable;
  workspace: WorkspaceTable;
  uploadSession: UploadSessionTable;
  sessionFile: SessionFileTable;
  file: FileTable;
  fileMetadata: FileMetadataTable;
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
};

export type WorkspaceTable = {
  id: string;
  organizationId: string;
  name: string;
  createdAt: Instant;
  deletedAt: Instant | null;
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
  totalFiles: number;
  finishedFiles: number;
  failedFiles: number;
  attempts: number;
  orphanSidecars: string;
};

export type SessionFileTable = {
  id: string;
  sessionId: string;
  name: string;
  uploadKey: string;
  size: number;
  etag: string;
  sidecarKey: string | null;
  status: IngestionStatus;
  reason: IngestionReason | null;
  message: string | null;
  fileId: string | null;
  createdAt: Instant;
};

export type FileTable = {
  id: string;
  workspaceId: string;
  name: string;
  size: number;
  characters: number;
  createdAt: Instant;
  metadata: string;
  objectKey: string;
  etag: string;
  temporaryUntil: Instant | null;
};

/**
 * One row for every scalar in a file's metadata, lists taken apart: what filters search. `path` is the dotted key,
 * `value` a text whose order is that of the values (see `domain/metadata-index.ts`), cut where it is long; `fullValue`
 * is then the whole of it.
 */
export type FileMetadataTable = {
  workspaceId: string;
  path: string;
  value: string;
  createdAt: Instant;
  fileId: string;
  fullValue: string | null;
};
