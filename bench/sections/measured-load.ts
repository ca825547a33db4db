import type { UploadForm } from '@sluice/contract';
import type { Job } from '../load/jobs.ts';
import type { LoadResult } from '../load/pump.ts';
import type { Generator } from '../process/generator.ts';
import { memoryOf, processorSecondsOf, resetPeak } from '../process/usage.ts';

/** A load, and what it cost the process that took it. Null where the system does not tell. */
export type MeasuredLoad = LoadResult & { processorSeconds: number | null; peakBytes: number | null };

export const measuredLoad = async (generator: Generator, job: Job, pid: number): Promise<MeasuredLoad> => {
  resetPeak(pid);
  const before = processorSecondsOf(pid);
  const result = await generator.run(job);
  const after = processorSecondsOf(pid);
  return {
    ...result,
    processorSeconds: before === null || after === null ? null : after - before,
    peakBytes: memoryOf(pid)?.peak ?? null,
  };
};

/** The same form sent to another server: the floor gets the same bytes. */
export const otherOrigin = (form: UploadForm, origin: URL): UploadForm => ({
  url: new URL(new URL(form.url).pathname, origin).href,
  fields: form.fields,
});
