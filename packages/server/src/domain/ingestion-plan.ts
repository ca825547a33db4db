import { fileNameOfSidecar, isSidecar } from '@sluice/contract';
import { printableName, readSentName } from './file-name.ts';
import type { SessionFile } from './session.ts';
import { uuidOf } from './uuid.ts';

/** What the plan needs to know of an object. */
export type UploadedObject = { key: string; size: number; etag: string; storedAt: number };

export type IngestionPlan = {
  /** One for every file name, in order of arrival; those that cannot be ingested are FAILED already. */
  files: SessionFile[];
  /** Names of sidecars that came without their file. */
  orphanSidecars: string[];
  /** Objects that no file is made from: earlier uploads of a name, orphan sidecars. */
  leftovers: string[];
};

/**
 * Reads the objects of a session as files with their sidecars. Pure, and the same for the same objects: a crash while
 * its result is stored is met by planning again. Where several objects carry one name (spellings of it that decode to
 * the same), the one that arrived last is the file. More than `maxFilesPerSession` files: the last to arrive fail.
 * @param breathe called between the objects, which may be many: their names take time to read
 */
export const planIngestion = async (
  session: { id: string; prefix: string; maxFilesPerSession: number },
  objects: readonly UploadedObject[],
  breathe: () => Promise<void> = async () => {},
): Promise<IngestionPlan> => {
  const files = new Map<string, UploadedObject & { problem: string | null }>();
  const sidecars = new Map<string, UploadedObject>();
  const leftovers: string[] = [];

  for (const object of [...objects].sort(byArrival)) {
    await breathe();
    const { name, problem } = readSentName(object.key.slice(session.prefix.length));
    const kind = isSidecar(name) ? sidecars : files;
    const earlier = kind.get(name);
    if (earlier) leftovers.push(earlier.key);
    kind.delete(name); // so that a name stands where it arrived last
    if (isSidecar(name)) sidecars.set(name, object);
    else files.set(name, { ...object, problem });
  }

  const sidecarOf = new Map<string, UploadedObject>();
  const orphanSidecars: string[] = [];
  for (const [name, sidecar] of sidecars) {
    const owner = fileNameOfSidecar(name);
    if (files.has(owner)) sidecarOf.set(owner, sidecar);
    else {
      orphanSidecars.push(printableName(name));
      leftovers.push(sidecar.key);
    }
  }

  const planned: SessionFile[] = [];
  for (const [name, object] of files) {
    await breathe();
    const index = planned.length;
    const sidecar = sidecarOf.get(name);
    const problem =
      object.problem ??
      (index >= session.maxFilesPerSession
        ? `The session holds more than ${session.maxFilesPerSession} files.`
        : null);
    const failure =
      problem !== null ? failed('UNKNOWN_ERROR', problem) : object.size === 0 ? emptyFile : pending;
    planned.push({
      id: sessionFileId(session.id, name),
      sessionId: session.id,
      name: printableName(name),
      uploadKey: object.key,
      size: object.size,
      etag: object.etag,
      sidecarKey: sidecar?.key ?? null,
      sidecarEtag: sidecar?.etag ?? null,
      sidecarSize: sidecar?.size ?? null,
      createdAt: object.storedAt,
      fileId: null,
      ...failure,
    });
  }
  return { files: planned, orphanSidecars, leftovers };
};

/** The same before and after the session ends, so that a client can follow a file by it. */
export const sessionFileId = (sessionId: string, name: string): string => uuidOf(`${sessionId}/${name}`);

const byArrival = (a: UploadedObject, b: UploadedObject): number =>
  a.storedAt - b.storedAt || (a.key < b.key ? -1 : 1);

type Verdict = Pick<SessionFile, 'status' | 'reason' | 'message'>;
const pending: Verdict = { status: 'PENDING', reason: null, message: null };
const failed = (reason: NonNullable<SessionFile['reason']>, message: string): Verdict => ({
  status: 'FAILED',
  reason,
  message,
});
const emptyFile = failed('EMPTY_FILE', 'The file has no content.');
