import { isOutage } from '../../domain/failures/outage.ts';
import { AT_ONCE, secondsSince } from '../../domain/instant.ts';
import { type Session, type SessionFile, takesUploads } from '../../domain/session.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { letOthersIn } from '../breathe.ts';
import { listAll } from '../every-object.ts';
import type { Job } from '../ports/jobs.ts';
import type { SessionFilePosition } from '../ports/session-files.ts';
import { createAttempts, MAX_ATTEMPTS } from './attempts.ts';
import type { IngestionContext } from './context.ts';
import { listUploads, prefixOf } from './list-uploads.ts';
import { failHeld, failRest, settle } from './settle.ts';
import { takeBatch, withinMemory } from './take-batch.ts';
import { createTurns } from './turns.ts';

/** Resolves to the job that is to follow, if there is one. */
export type Ingest = (sessionId: string, signal: AbortSignal) => Promise<Job | undefined>;

/**
 * Takes the uploads of an ended session into its workspace. Every step may be interrupted and run again: the rows say
 * how far it came. Does nothing for a session that is not its turn, not ended, or done.
 *
 * Turns go round among workspaces. The sessions of one stand in line, and one of them at a time is called: its job waits
 * in the queue, behind one of each other workspace that waits. When a place takes it, the next is called, so a workspace
 * alone has all places; and when a session of another workspace waits in vain for a place, the session that holds one
 * goes back into its line after the batch it is at.
 */
export const createIngestion = (context: IngestionContext): Ingest => {
  const { store, objects, clock, observer, jobs, batchSize } = context;
  const attempts = createAttempts(context);
  const turns = createTurns();

  const isAwaited = async ({ id }: Workspace): Promise<boolean> =>
    turns.isAwaited() || store.read.sessions.isAwaitedElsewhere(id);

  /**
   * What the store fails at keeps nothing else from going in, and fails itself only in the last try.
   * @returns whether all was seen to; false: it gave way to others
   * @throws what the store failed with, if it is to be asked again
   */
  const ingestAll = async (
    workspace: Workspace,
    session: Session,
    signal: AbortSignal,
    isLastTry: boolean,
  ): Promise<boolean> => {
    let position: SessionFilePosition | null = null;
    let failedWith: Error | undefined;
    for (;;) {
      signal.throwIfAborted();
      const batch: SessionFile[] = withinMemory(
        await store.read.sessionFiles.pending(session.id, position, batchSize),
      );
      const last = batch.at(-1);
      if (!last) break;
      const { taken, failed, held } = await takeBatch(context, workspace, batch);
      // Settling nothing is no headway, and must not be counted as such.
      if (held.length < batch.length) await settle(context, workspace, session, { taken, failed });
      // At the first, since the rest of the session may take long; it counts once though it is thrown in the end.
      const [first] = held;
      if (first !== undefined && failedWith === undefined) {
        observer.tryFailed({ kind: 'ingest', sessionId: session.id }, first.cause);
      }
      if (held.length > 0 && isLastTry) await failHeld(context, workspace, session, held);
      else failedWith ??= held[0]?.cause;
      if (failedWith !== undefined && held.length === batch.length) break; // the store is away
      position = { createdAt: last.createdAt, id: last.id };
      await letOthersIn();
      if (await isAwaited(workspace)) return false;
    }
    if (failedWith !== undefined) throw failedWith;
    return true;
  };

  /** Whatever is below the prefix now is a sidecar that was read, an upload that failed, or superfluous. */
  const finish = async (workspace: Workspace, session: Session): Promise<void> => {
    const leftovers = (await listAll(objects, prefixOf(workspace, session))).map(({ key }) => key);
    // What cannot be deleted must not keep the session from its end, nor the next one from its turn.
    const undeleted = await objects.delete(leftovers).then(
      () => [],
      (error: unknown) => {
        observer.tryFailed({ kind: 'ingest', sessionId: session.id }, error);
        return leftovers;
      },
    );
    const now = clock();
    const ingested = await store.write(async (tx) => {
      await tx.garbage.add(undeleted, AT_ONCE);
      if (!(await tx.sessions.setIngested(session.id, now))) return false;
      if (objects.lateness === 0) await tx.sessions.setSwept(session.id, now);
      return true;
    }, 'batch');
    if (ingested) observer.sessionIngested(session.id, secondsSince(session.endedAt, now));
  };

  /** In one transaction: were it called between the two, its job would be taken for the one that is not over yet. */
  const callNext = async (workspace: Workspace, givenBack: Session | undefined): Promise<Job | undefined> => {
    const sessionId = await store.write(async (tx) => {
      if (givenBack !== undefined) await tx.sessions.giveBack(givenBack.id);
      return tx.sessions.callNext(workspace.id, clock());
    }, 'batch');
    return sessionId === undefined ? undefined : { kind: 'ingest', sessionId };
  };

  /** @returns whether it has come to its end; false: it gave way to others */
  const ingest = async (workspace: Workspace, session: Session, signal: AbortSignal): Promise<boolean> => {
    signal.throwIfAborted();
    try {
      const { starts, next } = await store.write(async (tx) => {
        const starts = await attempts.count(tx, session);
        return { starts, next: await tx.sessions.callNext(workspace.id, clock()) };
      }, 'batch');
      attempts.counted(session);
      if (next !== undefined) jobs.enqueue({ kind: 'ingest', sessionId: next });
      if (session.listedAt === null) await listUploads(context, workspace, session, signal);
      if (starts > MAX_ATTEMPTS) await failRest(context, workspace, session);
      else {
        const isLastTry = starts === MAX_ATTEMPTS && (await attempts.isFaultOf(session));
        if (!(await ingestAll(workspace, session, signal, isLastTry))) return false;
      }
      await finish(workspace, session);
      return true;
    } catch (error) {
      if (signal.aborted || (isOutage(error) && !(await attempts.isFaultOf(session)))) {
        await attempts.forget(session);
      }
      throw error;
    }
  };

  return async (sessionId, signal) => {
    const session = await store.read.sessions.byId(sessionId);
    if (!session || session.ingestedAt !== null || takesUploads(session, clock())) return undefined;
    const workspace = await store.read.workspaces.byId(session.workspaceId);
    if (!workspace) return undefined;
    const first = session.parallelProcessingEnabled
      ? session
      : await store.read.sessions.nextInOrder(workspace.id, clock());
    // One that came to nothing before may have killed its worker: others must not die with it again.
    const isDone =
      first?.id === session.id &&
      (await turns.run(session.attempts > 0, () => ingest(workspace, session, signal)));
    return callNext(workspace, isDone ? undefined : session);
  };
};
