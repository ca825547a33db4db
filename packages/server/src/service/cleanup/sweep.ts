import { AT_ONCE, HOUR, type Instant } from '../../domain/instant.ts';
import { createPace } from '../breathe.ts';
import type { ServiceContext } from '../context.ts';
import { sweepLateUploads } from './late-uploads.ts';
import { isPurgeDue } from './purge-workspace.ts';

const BATCH = 500;
/** Files that one transaction removes at least, where there are as many. */
const FEW = 100;

/** How often a process looks for abandoned uploads. They cost room alone, and finding them is a walk over the bucket. */
const ABANDONED_EVERY = HOUR;

type SweepContext = Pick<ServiceContext, 'store' | 'objects' | 'jobs' | 'clock' | 'observer'>;

type Step = (now: Instant, signal: AbortSignal) => Promise<unknown>;

/**
 * Finds what no job covers: sessions that ended by the clock or whose job was lost, files whose time is up, garbage,
 * uploads that came late or were abandoned. Each step is done whatever becomes of the others; what failed is told at once
 * and thrown at the end.
 */
export const createSweep = (context: SweepContext) => {
  const { store, objects, jobs, clock, observer } = context;
  let abandonedDue: Instant = 0;

  const askForIngestion: Step = async (now, signal) => {
    // The jobs of those in turn may have been lost.
    for (const sessionId of await store.read.sessions.inTurn(BATCH)) {
      jobs.enqueue({ kind: 'ingest', sessionId });
    }
    for (const workspaceId of await store.read.sessions.workspacesInLine(now)) {
      signal.throwIfAborted();
      const called = await store.write((tx) => tx.sessions.callNext(workspaceId, now), 'batch');
      if (called !== undefined) jobs.enqueue({ kind: 'ingest', sessionId: called });
    }
  };

  const askForPurges: Step = async (now) => {
    for (const workspace of await store.read.workspaces.deleted()) {
      if (!isPurgeDue(workspace, now, objects.lateness)) continue;
      const { id: workspaceId, organizationId } = workspace;
      jobs.enqueue({ kind: 'purge_workspace', workspaceId, organizationId });
    }
  };

  const removeExpiredFiles: Step = async (now, signal) => {
    const pace = createPace(FEW, BATCH);
    const removeSome = async (size: number): Promise<number> => {
      const files = await store.read.files.temporaryUntil(now, size);
      if (files.length === 0) return 0;
      await store.write(async (tx) => {
        await tx.files.remove(files);
        await tx.garbage.add(
          files.map((file) => file.objectKey),
          AT_ONCE,
        );
      }, 'batch');
      return files.length;
    };
    do signal.throwIfAborted();
    while ((await pace(removeSome)) > 0);
  };

  const askForCollection: Step = async (now) => {
    if ((await store.read.garbage.due(now, 1)).length > 0) jobs.enqueue({ kind: 'collect_garbage' });
  };

  const askForRenewal: Step = async () => {
    if (await store.read.files.hasOldEntries()) jobs.enqueue({ kind: 'renew_index' });
  };

  const abortAbandoned: Step = async (now) => {
    if (now < abandonedDue) return;
    abandonedDue = now + ABANDONED_EVERY; // also where it fails: it may be for want of a permission
    await objects.abortAbandoned(now - objects.lateness);
  };

  // Rows first: a slow or failing object store then holds up nothing that could do without it.
  const steps: Step[] = [
    askForIngestion,
    askForPurges,
    removeExpiredFiles,
    askForCollection,
    askForRenewal,
    (_, signal) => sweepLateUploads(context, signal),
    abortAbandoned,
  ];

  return async (signal: AbortSignal): Promise<void> => {
    const now = clock();
    const failures: unknown[] = [];
    for (const step of steps) {
      signal.throwIfAborted();
      await step(now, signal).catch((error: unknown) => {
        if (!signal.aborted) observer.tryFailed({ kind: 'sweep' }, error);
        failures.push(error);
      });
    }
    if (failures.length > 1)
      throw new AggregateError(failures, `${failures.length} steps of the sweep failed`);
    if (failures.length === 1) throw failures[0];
  };
};
