import { type IngestionReason, METADATA_LIMITS } from '@sluice/contract';
import type { FileRecord, Metadata } from '../../domain/file.ts';
import { AT_ONCE } from '../../domain/instant.ts';
import { metadataTooLarge, readMetadata } from '../../domain/metadata/metadata.ts';
import { fileKey } from '../../domain/object-keys.ts';
import type { Session, SessionFile } from '../../domain/session.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { planWrites } from '../../domain/write-mode.ts';
import { createBreath } from '../breathe.ts';
import type { Clock, NewId } from '../ports/clock.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { SessionFileOutcome } from '../ports/session-files.ts';
import type { Store } from '../ports/store.ts';
import type { Observer } from '../ports/telling.ts';

export type BatchContext = {
  store: Store;
  objects: ObjectStore;
  clock: Clock;
  newId: NewId;
  observer: Observer;
  /** Microseconds a TEMPORARY file stays. */
  temporaryFor: number;
  /** Files that go into the workspace in one transaction: few transactions, and none that keeps others waiting long. */
  batchSize: number;
};

type Failure = Extract<SessionFileOutcome, { status: 'FAILED' }>;
type Candidate = { file: SessionFile; metadata: Metadata };

/** A file that stays PENDING for now: the store fails at its objects. */
export type HeldFile = { file: SessionFile; cause: Error };

/**
 * Takes some PENDING files into the workspace: reads their sidecars, gives their objects their final keys, then writes
 * all rows in one transaction. The keys are derived from the files' ids, so a crash between the two is met by doing it
 * again: what has moved is found moved.
 * @returns the files whose objects the store fails at; they stay as they are
 */
export const ingestBatch = async (
  context: BatchContext,
  workspace: Workspace,
  session: Session,
  batch: readonly SessionFile[],
): Promise<HeldFile[]> => {
  const failures: Failure[] = [];
  const held: HeldFile[] = [];
  const read = await readSidecars(context, batch, failures, held);
  const moved = await moveObjects(context, workspace, read, failures, held);
  // Settling nothing is no headway, and must not be counted as such.
  if (held.length < batch.length) await commit(context, workspace, session, moved, failures);
  return held;
};

/** Fails files that the store failed at again and again. */
export const failHeld = (
  context: BatchContext,
  workspace: Workspace,
  session: Session,
  held: readonly HeldFile[],
): Promise<void> => {
  const failures = held.map(({ file }) =>
    failure(
      file,
      'UNKNOWN_ERROR',
      'The object store failed at this file repeatedly; the server log says why.',
    ),
  );
  return commit(context, workspace, session, [], failures);
};

/** Fails what is still PENDING, for a session that came to nothing too often. */
export const failRest = async (
  context: BatchContext,
  workspace: Workspace,
  session: Session,
): Promise<void> => {
  for (;;) {
    const batch = await context.store.read.sessionFiles.pending(session.id, null, context.batchSize);
    if (batch.length === 0) return;
    const failures = batch.map((file) =>
      failure(file, 'UNKNOWN_ERROR', 'Ingesting this session failed repeatedly; the server log says why.'),
    );
    await commit(context, workspace, session, [], failures);
  }
};

/** Bytes of sidecars in a batch: what they hold goes into the index in one transaction, which keeps others waiting. */
const MAX_SIDECAR_BYTES = 512 * 1024;

/** As many of the files, in order, as may be taken in at a time for their sidecars; one at least. */
export const withinMemory = (files: readonly SessionFile[]): SessionFile[] => {
  const most = METADATA_LIMITS.totalBytes;
  let bytes = 0;
  const end = files.findIndex(({ sidecarKey, sidecarSize }, at) => {
    if (sidecarKey !== null) bytes += Math.min(sidecarSize ?? most, most);
    return at > 0 && bytes > MAX_SIDECAR_BYTES;
  });
  return end === -1 ? [...files] : files.slice(0, end);
};

const contentKey = (workspace: Workspace, file: Pick<SessionFile, 'id'>): string =>
  fileKey(workspace.organizationId, workspace.id, file.id);

const readSidecars = async (
  { objects, observer }: BatchContext,
  batch: readonly SessionFile[],
  failures: Failure[],
  held: HeldFile[],
): Promise<Candidate[]> => {
  const sidecars = batch.flatMap(({ sidecarKey: key, sidecarEtag: etag }) =>
    key === null ? [] : [{ key, etag }],
  );
  const bodies = await objects.readMany(sidecars, METADATA_LIMITS.totalBytes);
  const candidates: Candidate[] = [];
  const breathe = createBreath();
  for (const file of batch) {
    await breathe();
    if (file.sidecarKey === null) {
      candidates.push({ file, metadata: {} });
      continue;
    }
    const body = bodies.get(file.sidecarKey);
    if (body === undefined) {
      observer.objectLost({ fileId: file.id, key: file.sidecarKey });
      failures.push(
        failure(file, 'FILE_NOT_FOUND', 'The sidecar of the file was not in the store any more.'),
      );
      continue;
    }
    if (body instanceof Error) {
      held.push({ file, cause: body });
      continue;
    }
    if (body === 'changed') {
      failures.push(
        failure(file, 'UNKNOWN_ERROR', 'The sidecar of the file was replaced after the session had ended.'),
      );
      continue;
    }
    const reading = body === 'too_large' ? { problem: metadataTooLarge() } : readMetadata(body);
    if ('problem' in reading) failures.push(failure(file, 'FAILED_TO_PARSE_META', reading.problem.message));
    else candidates.push({ file, metadata: reading.metadata });
  }
  return candidates;
};

const moveObjects = async (
  { objects, observer }: BatchContext,
  workspace: Workspace,
  candidates: readonly Candidate[],
  failures: Failure[],
  held: HeldFile[],
): Promise<Candidate[]> => {
  const outcomes = await objects.move(
    candidates.map(({ file }) => ({
      from: file.uploadKey,
      to: contentKey(workspace, file),
      etag: file.etag,
    })),
  );
  return candidates.filter(({ file }, index) => {
    const outcome = outcomes[index];
    if (outcome instanceof Error) held.push({ file, cause: outcome });
    else if (outcome === 'missing') {
      observer.objectLost({ fileId: file.id, key: file.uploadKey });
      failures.push(failure(file, 'FILE_NOT_FOUND', 'The upload was not in the store any more.'));
    } else if (outcome === 'changed') {
      failures.push(failure(file, 'UNKNOWN_ERROR', 'The upload was replaced after the session had ended.'));
    }
    return outcome === 'moved';
  });
};

const commit = async (
  { store, clock, newId, observer, temporaryFor }: BatchContext,
  workspace: Workspace,
  session: Session,
  all: readonly Candidate[],
  allFailures: readonly Failure[],
): Promise<void> => {
  const outcomes = await store.write(async (tx) => {
    if (!(await tx.files.lockWorkspace(workspace.id))) {
      await tx.garbage.add(
        all.map(({ file }) => contentKey(workspace, file)),
        AT_ONCE,
      );
      return [];
    }
    // Another worker may have been here first, if this one was thought dead: what it settled stays as it is.
    const pending = await tx.sessionFiles.pendingAmong(
      [...all.map(({ file }) => file), ...allFailures].map(({ id }) => id),
    );
    const candidates = all.filter(({ file }) => pending.has(file.id));
    const failures = allFailures.filter(({ id }) => pending.has(id));
    const arriving = candidates.map(({ file, metadata }): FileRecord => {
      const now = clock();
      return {
        id: newId(),
        workspaceId: workspace.id,
        name: file.name,
        size: file.size,
        characters: 0,
        createdAt: now,
        metadata,
        objectKey: contentKey(workspace, file),
        etag: file.etag,
        temporaryUntil: session.writeMode === 'TEMPORARY' ? now + temporaryFor : null,
      };
    });
    const looksAtNames = session.writeMode === 'OVERWRITE' || session.writeMode === 'FAIL';
    const taken = looksAtNames
      ? await tx.files.withNames(
          workspace.id,
          arriving.map((file) => file.name),
        )
      : new Map();
    const plan = planWrites(session.writeMode, arriving, taken);
    await tx.files.remove(plan.removed);
    await tx.files.insertMany(plan.inserted);
    await tx.files.replace(plan.replaced);
    const needless = [
      ...plan.displaced,
      ...[...plan.removed, ...plan.refused].map((file) => file.objectKey),
      // An earlier try may have moved it.
      ...failures.map((failed) => contentKey(workspace, failed)),
    ];
    await tx.garbage.add(needless, AT_ONCE);

    const ids = new Map([...plan.inserted, ...plan.replaced].map((file) => [file.objectKey, file.id]));
    const settled = candidates.map(({ file }): SessionFileOutcome => {
      const fileId = ids.get(contentKey(workspace, file));
      return fileId === undefined
        ? failure(
            file,
            'FILE_ALREADY_EXISTS',
            'The workspace has a file of this name, and the write mode is FAIL.',
          )
        : { id: file.id, status: 'FINISHED', fileId };
    });
    const settling = [...settled, ...failures];
    const finished = settling.filter((outcome) => outcome.status === 'FINISHED').length;
    await tx.sessionFiles.settle(settling);
    await tx.sessions.addOutcomes(session.id, { finished, failed: settling.length - finished });
    return settling;
  }, 'batch');
  observer.filesSettled(countOutcomes(outcomes));
};

const failure = (file: SessionFile, reason: IngestionReason, message: string): Failure => ({
  id: file.id,
  status: 'FAILED',
  reason,
  message,
});

/** For the observer: how many finished, how many failed for which reason. */
export const countOutcomes = (
  outcomes: readonly { status: string; reason?: IngestionReason | null }[],
): { finished: number; failed: Partial<Record<IngestionReason, number>> } => {
  const failed: Partial<Record<IngestionReason, number>> = {};
  let finished = 0;
  for (const { status, reason } of outcomes) {
    if (status === 'FINISHED') finished += 1;
    else if (status === 'FAILED' && reason) failed[reason] = (failed[reason] ?? 0) + 1;
  }
  return { finished, failed };
};
