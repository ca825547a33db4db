import type { Instant } from './instant.ts';

export type Metadata = { [key: string]: unknown };

export type FileRecord = {
  id: string;
  workspaceId: string;
  name: string;
  /** Bytes. */
  size: number;
  characters: number;
  createdAt: Instant;
  metadata: Metadata;
  /** Where the bytes are. Bytes never change under a key: new content comes under a new one. */
  objectKey: string;
  etag: string;
  /** TEMPORARY files are deleted then; null for all others. */
  temporaryUntil: Instant | null;
};

/** A file without its metadata, which may be large: for work on many. */
export type FileHead = Omit<FileRecord, 'metadata'>;
