import type { Readable } from 'node:stream';
import type { UploadForm } from '@sluice/contract';
import type { Instant } from '../../domain/instant.ts';

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

/** What is there, and its bytes. */
export interface ObjectReading {
  /** Objects below a prefix in ascending order of key, those after `after`. Fewer than `limit`: the end. */
  list(prefix: string, page: { after?: string; limit: number }): Promise<StoredObject[]>;
  /** How many objects below the prefix are files and how many are sidecars. */
  count(prefix: string): Promise<{ files: number; sidecars: number }>;
  /** Bodies of small objects by key. A missing one is absent from the result, one over `maxBytes` is `too_large`. */
  readMany(objects: readonly SmallObject[], maxBytes: number): Promise<Map<string, SmallBody>>;
  /** The bytes of one object, or of a range within its size; undefined where there is none. */
  read(key: string, range?: ByteRange): Promise<Readable | undefined>;
}

/** Keys come and go. */
export interface ObjectWriting {
  /** Stores a body under a key, replacing what was there. If `body` throws, nothing is stored and that error passes. */
  put(key: string, body: AsyncIterable<Uint8Array>): Promise<StoredObject>;
  /** Gives objects other keys, in order, each one whole or not at all. Moved before and now at `to`: `moved`. */
  move(moves: readonly ObjectMove[]): Promise<MoveOutcome[]>;
  /** Missing keys are fine. */
  delete(keys: readonly string[]): Promise<void>;
  /**
   * Frees what uploads hold that began before an instant and were never finished, such as a killed process leaves; no
   * `list` shows it. Resolves to how many there were; `dryRun` leaves them.
   */
  abortAbandoned(before: Instant, options?: { dryRun?: boolean }): Promise<number>;
}

/** The end of uploads to a folder of a form. */
export interface UploadSealing {
  /**
   * Microseconds after the end of a form's time in which an upload with it may still arrive; 0 where `seal` ends uploads
   * for good.
   */
  readonly lateness: number;
  /**
   * Ends uploads to a prefix: each is either visible to every later `list`, or refused. A store that cannot recall a
   * signature does nothing here; what comes late is then found by the sweep.
   */
  seal(prefix: string): Promise<void>;
}

/** What may be away. */
export interface Reachable {
  /** Resolves if the store can be reached. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Where bytes are. Keys are text of at most 1,024 bytes. What a method resolved for is durable.
 * Every method may be called again with the same arguments after a crash and then ends the same way.
 * Where the store cannot take or give bytes now (disk full, unreachable), methods reject with STORAGE_UNAVAILABLE.
 */
export interface ObjectStore extends ObjectReading, ObjectWriting, UploadSealing, Reachable {}

/** Whoever signs forms. @throws (its method) STORAGE_UNAVAILABLE where the key to sign with cannot be had now */
export interface UploadForms {
  /** A signed form for POSTs to keys below `prefix` (which ends in `/`), valid until `expiresAt` at the latest. */
  createUploadForm(request: { prefix: string; expiresAt: Instant }): Promise<UploadForm>;
}
