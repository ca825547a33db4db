import type { Readable } from 'node:stream';
import type { User } from '../../domain/accounts/account.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Reader } from '../ports/store.ts';

/** An object that a file needs, with what the file's row says of it. */
export type FileObject = {
  key: string;
  fileId: string;
  name: string;
  /** Bytes. */
  size: number;
  /** MD5 in hex. */
  etag: string;
};

/** A session whose uploads are not files yet. */
export type UnfinishedSession = {
  id: string;
  workspace: string;
  closedAt: Instant | null;
  expiresAt: Instant;
};

/** Rows by kind. What belongs to deleted workspaces is in none of them. */
export type RowCounts = {
  organizations: number;
  users: number;
  tokens: number;
  workspaces: number;
  sessions: number;
  sessionFiles: number;
  files: number;
};

/** Where a transfer comes from. Nothing of it changes while it is read. */
export interface TransferSource {
  readonly read: Reader;
  users(organizationId: string): Promise<User[]>;
  /** All that are neither ingested nor of a deleted workspace, the earliest end first. */
  unfinishedSessions(): Promise<UnfinishedSession[]>;
  counts(): Promise<RowCounts>;
  /** Bytes of all files. */
  bytes(): Promise<number>;
  /** The objects of a workspace's files, TEMPORARY ones too, in ascending order of their keys. */
  fileObjects(workspaceId: string): Iterable<FileObject>;
  /** The bytes of an object; undefined where there is none. */
  readObject(key: string): Promise<Readable | undefined>;
  /** @throws where anybody has written to it since it was opened */
  checkUnchanged(): void;
  close(): Promise<void>;
}
