import { HOUR, type Instant } from '../domain/instant.ts';
import { sweepLateUploads } from './late-uploads.ts';
import type { Clock, JobQueue, ObjectStore, Store } from './ports.ts';
import { isPurgeDue } from './purge-workspace.ts';

const BATCH = 500;

/** How often a process looks for abandoned uploads. They cost room alone, and finding them is a walk over the bucket. */
const ABANDONED_EVERY = HOUR;

type SweepContext = { store: Store; objects: ObjectStore; jobs: JobQueue; clock: Clock };

type Step = (now: Instant, signal: AbortSignal) => Promise<unknown>;

/**
 * Finds what no job covers: sessions that ended by the clock or whose job was lost, files whose time is up, garbage,
 * uploads that came late or were abandoned. Each step is done whatever becomes of the others; what failed is thrown at
 * the end.
 */
export const createSweep = (context: SweepContext) => {
  const { store, objects, jobs, clock } = context;
  let abandonedDue: Instant = 0;

  const askForIngestion: Step = async (now) => {
    for (const session of await store.read.sessions.awaitingIngestion(now, BATCH)) {
      jobs.enqueue({ kind: 'ingest', sessionId: session.id });
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
    for (;;) {
      signal.throwIfAborted();
      const files = await store.read.files.temporaryUntil(now, BATCH);
      if (files.length === 0) return;
      await store.write(async (tx) => {
        await tx.files.remove(files);
        await tx.garbage.add(
          files.map((file) => file.objectKey),
          now,
        );
      }, 'batch');
    }
  };

  const askForCollection: Step = async (now) => {
    if ((await store.read.garbage.due(now, 1)).length > 0) jobs.enqueue({ kind: 'collect_garbage' });
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
    (_, signal) => sweepLateUploads(context, signal),
    abortAbandoned,
  ];

  return async (signal: AbortSignal): Promise<void> => {
    const now = clock();
    const failures: unknown[] = [];
    for (const step of steps) {
      signal.throwIfAborted();
      await step(now, signal).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 1)
      throw new AggregateError(failures, `${failures.length} steps of the sweep failed`);
    if (failures.length === 1) throw failures[0];
  };
};
