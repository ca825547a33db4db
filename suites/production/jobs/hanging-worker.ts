/** A worker that takes a job, says so, and never ends it. Run as a process of its own, with the database as argument. */
import { createPgBossQueue } from '../../../packages/server/src/jobs/pg-boss.ts';
import { SILENT } from '../../../packages/server/src/service/silent-observer.ts';

const queue = await createPgBossQueue({
  url: process.argv[2] as string,
  works: true,
  concurrency: 1,
  observer: { ...SILENT, queueFailed: (error) => console.error(error) },
});
queue.start(async (job) => {
  if (job.kind !== 'ingest') return;
  console.log(job.sessionId);
  await new Promise(() => {});
});
