import { planIngestion } from '../../domain/ingestion-plan.ts';
import { uploadPrefix } from '../../domain/object-keys.ts';
import type { Session } from '../../domain/session.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { createBreath, letOthersIn } from '../breathe.ts';
import { listAll } from '../every-object.ts';
import type { IngestionContext } from './context.ts';
import { countOutcomes } from './outcomes.ts';

/** Names of orphan sidecars that a session keeps. */
const MAX_ORPHANS = 100;

export const prefixOf = (workspace: Workspace, session: Session): string =>
  uploadPrefix(workspace.organizationId, workspace.id, session.id);

/** Writes down what was uploaded. Not seen by anyone before the last step, which also makes the total final. */
export const listUploads = async (
  {
    store,
    objects,
    clock,
    observer,
    batchSize,
    maxFilesPerSession,
  }: Pick<IngestionContext, 'store' | 'objects' | 'clock' | 'observer' | 'batchSize' | 'maxFilesPerSession'>,
  workspace: Workspace,
  session: Session,
  signal: AbortSignal,
): Promise<void> => {
  const prefix = prefixOf(workspace, session);
  await objects.seal(prefix);
  const uploaded = await listAll(objects, prefix);
  const limits = { id: session.id, prefix, maxFilesPerSession };
  const plan = await planIngestion(limits, uploaded, createBreath());
  for (let at = 0; at < plan.files.length; at += batchSize) {
    signal.throwIfAborted();
    const listing = await store.write(async (tx) => {
      if (!(await tx.sessions.lockUnlisted(session.id))) return false;
      await tx.sessionFiles.insertMany(plan.files.slice(at, at + batchSize));
      return true;
    }, 'batch');
    if (!listing) return; // another worker has listed it meanwhile
    await letOthersIn();
  }
  const listed = await store.write(async (tx) => {
    if (!(await tx.sessions.lockUnlisted(session.id))) return false;
    const orphanSidecars = plan.orphanSidecars.slice(0, MAX_ORPHANS);
    await tx.sessions.setListed(session.id, { at: clock(), orphanSidecars });
    return true;
  }, 'batch');
  if (listed) observer.filesSettled(countOutcomes(plan.files));
};
