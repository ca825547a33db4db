import { sweepLateUploads } from './late-uploads.ts';
import type { Clock, JobQueue, ObjectStore, Store } from './ports.ts';
import { isPurgeDue } from './purge-workspace.ts';

const BATCH = 500;

/** Finds what no job covers: sessions that ended by the clock or whose job was lost, files whose time is up, garbage. */
export const createSweep =
  ({ store, objects, jobs, clock }: { store: Store; objects: ObjectStore; jobs: JobQueue; clock: Clock }) =>
  async (signal: AbortSignal): Promise<void> => {
    const now = clock();
    for (const session of await store.read.sessions.awaitingIngestion(now, BATCH)) {
      jobs.enqueue({ kind: 'ingest', sessionId: session.id });
    }
    for (const workspace of await store.read.workspaces.deleted()) {
      if (!isPurgeDue(workspace, now, objects.lateness)) continue;
      jobs.enqueue({
        kind: 'purge_workspace',
        workspaceId: workspace.id,
        organizationId: workspace.organizationId,
      });
    }
    await sweepLateUploads({ store, objects, clock }, signal);
    for (;;) {
      signal.throwIfAborted();
      const files = await store.read.files.temporaryUntil(now, BATCH);
      if (files.length === 0) break;
      await store.write(async (tx) => {
        await tx.files.remove(files);
        await tx.garbage.add(
          files.map((file) => file.objectKey),
          now,
        );
      });
    }
    if ((await store.read.garbage.due(now, 1)).length > 0) jobs.enqueue({ kind: 'collect_garbage' });
  };
