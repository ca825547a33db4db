import { AT_ONCE } from '../../domain/instant.ts';
import type { Session } from '../../domain/session.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { SessionFileOutcome } from '../ports/session-files.ts';
import type { IngestionContext } from './context.ts';
import { type Candidate, countOutcomes, type FailedFile, failedFile, type HeldFile } from './outcomes.ts';
import { contentKey } from './take-batch.ts';

type Context = Pick<IngestionContext, 'store' | 'observer' | 'putFiles'>;

/** Puts what was taken into the workspace and writes down what became of each file, all in one transaction. */
export const settle = async (
  { store, observer, putFiles }: Context,
  workspace: Workspace,
  session: Session,
  { taken: allTaken, failed: allFailed }: { taken: readonly Candidate[]; failed: readonly FailedFile[] },
): Promise<void> => {
  const outcomes = await store.write(async (tx) => {
    if (!(await tx.files.lockWorkspace(workspace.id))) {
      await tx.garbage.add(
        allTaken.map(({ file }) => contentKey(workspace, file)),
        AT_ONCE,
      );
      return [];
    }
    // Another worker may have been here first, if this one was thought dead: what it settled stays as it is.
    const pending = await tx.sessionFiles.pendingAmong(
      [...allTaken.map(({ file }) => file), ...allFailed].map(({ id }) => id),
    );
    const taken = allTaken.filter(({ file }) => pending.has(file.id));
    const failed = allFailed.filter(({ id }) => pending.has(id));
    const put = await putFiles(tx, {
      workspace,
      mode: session.writeMode,
      arriving: taken.map(({ file, metadata }) => ({
        name: file.name,
        size: file.size,
        characters: 0,
        metadata,
        objectKey: contentKey(workspace, file),
        etag: file.etag,
      })),
    });
    // Of a file that failed, an earlier try may have moved the object.
    await tx.garbage.add([...put.garbage, ...failed.map((one) => contentKey(workspace, one))], AT_ONCE);
    const settled = taken.map(({ file }, at): SessionFileOutcome => {
      const added = put.files[at];
      return added === undefined
        ? failedFile(
            file,
            'FILE_ALREADY_EXISTS',
            'The workspace has a file of this name, and the write mode is FAIL.',
          )
        : { id: file.id, status: 'FINISHED', fileId: added.id };
    });
    const all = [...settled, ...failed];
    const finished = all.filter(({ status }) => status === 'FINISHED').length;
    await tx.sessionFiles.settle(all);
    await tx.sessions.addOutcomes(session.id, { finished, failed: all.length - finished });
    return all;
  }, 'batch');
  observer.filesSettled(countOutcomes(outcomes));
};

/** Fails files that the store failed at again and again. */
export const failHeld = (
  context: Context,
  workspace: Workspace,
  session: Session,
  held: readonly HeldFile[],
): Promise<void> => {
  const why = 'The object store failed at this file repeatedly; the server log says why.';
  const failed = held.map(({ file }) => failedFile(file, 'UNKNOWN_ERROR', why));
  return settle(context, workspace, session, { taken: [], failed });
};

/** Fails what is still PENDING, for a session that came to nothing too often. */
export const failRest = async (
  context: Context & Pick<IngestionContext, 'batchSize'>,
  workspace: Workspace,
  session: Session,
): Promise<void> => {
  const why = 'Ingesting this session failed repeatedly; the server log says why.';
  for (;;) {
    const batch = await context.store.read.sessionFiles.pending(session.id, null, context.batchSize);
    if (batch.length === 0) return;
    const failed = batch.map((file) => failedFile(file, 'UNKNOWN_ERROR', why));
    await settle(context, workspace, session, { taken: [], failed });
  }
};
