import { METADATA_LIMITS } from '@sluice/contract';
import { metadataTooLarge, readMetadata } from '../../domain/metadata/metadata.ts';
import { fileKey } from '../../domain/object-keys.ts';
import type { SessionFile } from '../../domain/session.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { createBreath } from '../breathe.ts';
import type { IngestionContext } from './context.ts';
import { type Candidate, type FailedFile, failedFile, type HeldFile } from './outcomes.ts';

type Context = Pick<IngestionContext, 'objects' | 'observer'>;

/** Of some files of a session: those that may go into the workspace, those that failed, those the store fails at. */
export type TakenBatch = { taken: Candidate[]; failed: FailedFile[]; held: HeldFile[] };

/** Where the bytes of a session's file are from then on. It comes from its id, so that taking it again ends the same. */
export const contentKey = (workspace: Workspace, file: Pick<SessionFile, 'id'>): string =>
  fileKey(workspace.organizationId, workspace.id, file.id);

/** Reads the sidecars of files and gives their objects their final keys. What has moved before is found moved. */
export const takeBatch = async (
  context: Context,
  workspace: Workspace,
  batch: readonly SessionFile[],
): Promise<TakenBatch> => {
  const read = await readSidecars(context, batch);
  const moved = await moveObjects(context, workspace, read.taken);
  return {
    taken: moved.taken,
    failed: [...read.failed, ...moved.failed],
    held: [...read.held, ...moved.held],
  };
};

const readSidecars = async (
  { objects, observer }: Context,
  batch: readonly SessionFile[],
): Promise<TakenBatch> => {
  const sidecars = batch.flatMap(({ sidecarKey: key, sidecarEtag: etag }) =>
    key === null ? [] : [{ key, etag }],
  );
  const bodies = await objects.readMany(sidecars, METADATA_LIMITS.totalBytes);
  const result: TakenBatch = { taken: [], failed: [], held: [] };
  const breathe = createBreath();
  for (const file of batch) {
    await breathe();
    if (file.sidecarKey === null) {
      result.taken.push({ file, metadata: {} });
      continue;
    }
    const body = bodies.get(file.sidecarKey);
    if (body instanceof Error) result.held.push({ file, cause: body });
    else if (body === undefined) {
      observer.objectLost({ fileId: file.id, key: file.sidecarKey });
      result.failed.push(
        failedFile(file, 'FILE_NOT_FOUND', 'The sidecar of the file was not in the store any more.'),
      );
    } else if (body === 'changed') {
      result.failed.push(
        failedFile(
          file,
          'UNKNOWN_ERROR',
          'The sidecar of the file was replaced after the session had ended.',
        ),
      );
    } else {
      const reading = body === 'too_large' ? { problem: metadataTooLarge() } : readMetadata(body);
      if ('problem' in reading) {
        result.failed.push(failedFile(file, 'FAILED_TO_PARSE_META', reading.problem.message));
      } else result.taken.push({ file, metadata: reading.metadata });
    }
  }
  return result;
};

const moveObjects = async (
  { objects, observer }: Context,
  workspace: Workspace,
  candidates: readonly Candidate[],
): Promise<TakenBatch> => {
  const outcomes = await objects.move(
    candidates.map(({ file }) => ({
      from: file.uploadKey,
      to: contentKey(workspace, file),
      etag: file.etag,
    })),
  );
  const result: TakenBatch = { taken: [], failed: [], held: [] };
  for (const [at, candidate] of candidates.entries()) {
    const { file } = candidate;
    const outcome = outcomes[at];
    if (outcome instanceof Error) result.held.push({ file, cause: outcome });
    else if (outcome === 'moved') result.taken.push(candidate);
    else if (outcome === 'missing') {
      observer.objectLost({ fileId: file.id, key: file.uploadKey });
      result.failed.push(failedFile(file, 'FILE_NOT_FOUND', 'The upload was not in the store any more.'));
    } else {
      result.failed.push(
        failedFile(file, 'UNKNOWN_ERROR', 'The upload was replaced after the session had ended.'),
      );
    }
  }
  return result;
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
