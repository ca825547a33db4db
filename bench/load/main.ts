// The load generator: a process of its own, so that what it costs is not paid by the event loop that it measures.
import { runFolder } from './folder.ts';
import { runForms } from './forms.ts';
import type { Job } from './jobs.ts';
import { runLarge } from './large.ts';
import type { LoadResult } from './pump.ts';

const run = (job: Job): Promise<LoadResult> => {
  switch (job.kind) {
    case 'forms':
      return runForms(job);
    case 'folder':
      return runFolder(job);
    case 'large':
      return runLarge(job);
  }
};

process.on('message', async (job: Job) => {
  try {
    process.send?.({ result: await run(job) });
  } catch (error) {
    process.send?.({ error: error instanceof Error ? error.message : String(error) });
  }
});
process.on('disconnect', () => process.exit());
