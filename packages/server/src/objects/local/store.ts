import { join } from 'node:path';
import { HOUR, type Instant } from '../../domain/instant.ts';
import type { Clock } from '../../service/ports/clock.ts';
import type { MoveOutcome, ObjectStore } from '../../service/ports/objects.ts';
import type { Intake } from '../../uploads/intake.ts';
import { isSidecarKey } from '../sidecar-key.ts';
import { storageUnavailable } from '../storage-unavailable.ts';
import { type Bodies, openBodies } from './bodies.ts';
import { foldersBelow, prepareFolders } from './folders.ts';
import { createReads } from './reads.ts';
import { openForReading } from './schema.ts';
import { storeStream } from './store-stream.ts';
import { LocalUpload, type UploadTarget } from './upload.ts';
import { startWriter, type WriterOptions } from './writing/writer.ts';

/** What a seal must outlive: every form for its folder, and clocks that are set wrong. */
export const MIN_SEAL_AGE = 7 * 24 * HOUR;

/** Keys deleted or moved in one step of a transaction. */
const KEYS_AT_ONCE = 1000;

export type LocalObjectStore = ObjectStore &
  Intake & {
    /** Forgets seals made before an instant that is at least MIN_SEAL_AGE ago: no form is left that they stop. */
    pruneSeals(before: Instant): Promise<void>;
  };

export type LocalObjectStoreOptions = {
  /** Belongs to this store alone while it is open; the caller sees to that. */
  directory: string;
  clock: Clock;
  /** Files a session may hold; as many sidecars on top. */
  maxFilesPerSession?: number;
  /** As of the writer: its thread ended by itself. */
  onWriterFailure?: WriterOptions['onFailure'];
  /** Throws where the folder is not the one any more that was opened: what is written would be lost. */
  checkFolder?: () => void;
  /** For tests that end the thread. */
  startThread?: WriterOptions['startThread'];
};

/**
 * Objects on this machine: small bodies as rows of `objects.db`, large ones as files, durable before anything answers.
 * @throws where the folder cannot be used
 */
export const createLocalObjectStore = async ({
  directory,
  clock,
  maxFilesPerSession = 10_000,
  onWriterFailure,
  checkFolder = () => {},
  startThread,
}: LocalObjectStoreOptions): Promise<LocalObjectStore> => {
  const { writer, database, reads, bodies } = await openParts(directory, maxFilesPerSession, {
    checkFolder,
    ...(onWriterFailure && { onFailure: onWriterFailure }),
    ...(startThread && { startThread }),
  });

  const target: UploadTarget = {
    clock,
    submit: writer.submit,
    startBody: bodies.start,
    discardBody: (name) => {
      // The thread may have died after the commit and before it said so.
      if (database.isOpen && !reads.refersTo(name)) bodies.remove(name);
    },
    refusal: (prefix, key) => {
      if (reads.isSealed(prefix)) return 'SEALED';
      const { files, sidecars } = reads.count(prefix);
      const sidecar = isSidecarKey(key);
      if ((sidecar ? sidecars : files) < maxFilesPerSession || reads.has(key)) return undefined;
      return sidecar ? 'TOO_MANY_SIDECARS' : 'TOO_MANY_FILES';
    },
  };

  return {
    begin: ({ key, prefix }, events) => new LocalUpload(target, key, prefix, events),

    lateness: 0,
    seal: async (prefix) => {
      await writer.submit({ kind: 'seal', prefix, at: clock() });
    },
    pruneSeals: async (before) => {
      await writer.submit({ kind: 'prune_seals', before: Math.min(before, clock() - MIN_SEAL_AGE) });
    },

    list: async (prefix, page) => reading(() => reads.list(prefix, page)),
    // The thread that writes has counted already, most times; here it would keep everybody waiting.
    count: async (prefix) => {
      const counted = await writer.submit({ kind: 'count', prefix });
      if (!('files' in counted)) throw storageUnavailable('The thread that writes gave no count');
      return counted;
    },
    read: (key, range) => reading(() => reads.read(key, range)),
    readMany: (wanted, maxBytes) => reading(() => reads.readMany(wanted, maxBytes)),

    put: (key, body) => storeStream(target, key, body),
    move: async (moves) => {
      const outcomes: MoveOutcome[] = [];
      for (let at = 0; at < moves.length; at += KEYS_AT_ONCE) {
        const outcome = await writer.submit({ kind: 'move', moves: moves.slice(at, at + KEYS_AT_ONCE) });
        if ('moves' in outcome) outcomes.push(...outcome.moves);
      }
      return outcomes;
    },
    delete: async (keys) => {
      for (let at = 0; at < keys.length; at += KEYS_AT_ONCE) {
        await writer.submit({ kind: 'delete', keys: keys.slice(at, at + KEYS_AT_ONCE) });
      }
    },

    // The next start clears away what a killed process left.
    abortAbandoned: async () => 0,

    // Changes nothing, yet it goes through the thread that writes and back.
    ping: async () => {
      await writer.submit({ kind: 'delete', keys: [] });
    },
    close: async () => {
      // Before the writer, which as the last one to close tidies the log away.
      if (database.isOpen) database.close();
      await writer.close();
      await bodies.close();
    },
  };
};

/** What goes wrong below is told as STORAGE_UNAVAILABLE; the cause says what it was. */
const reading = async <T>(read: () => T | Promise<T>): Promise<T> => {
  try {
    return await read();
  } catch (error) {
    throw storageUnavailable(error);
  }
};

/** Opens the database for writing, then for reading, then the bodies it knows of; or nothing. */
const openParts = async (
  directory: string,
  maxFilesPerSession: number,
  options: Pick<WriterOptions, 'checkFolder' | 'onFailure' | 'startThread'>,
) => {
  const folders = foldersBelow(directory);
  await prepareFolders(folders);
  let bodies: Bodies | undefined;
  const writer = await startWriter({
    settings: { path: folders.database, bodies: folders.bodies, maxFilesPerSession },
    onFreed: (names) => {
      for (const name of names) bodies?.remove(name);
    },
    ...options,
  });
  try {
    const database = openForReading(folders.database);
    const reads = createReads(database, (name) => join(folders.bodies, name), options.checkFolder);
    bodies = await openBodies(folders, reads.refersTo);
    return { writer, database, reads, bodies };
  } catch (error) {
    await writer.close();
    throw error;
  }
};
