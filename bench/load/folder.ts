import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formRequest } from './form.ts';
import type { FolderJob } from './jobs.ts';
import { type LoadResult, pump } from './pump.ts';

export const runFolder = (job: FolderJob): Promise<LoadResult> => {
  const names = readdirSync(job.folder);
  let at = 0;
  return pump(new URL(job.form.url), job.connections, () => {
    const name = names[at++];
    return name === undefined ? undefined : formRequest(job.form, name, readFileSync(join(job.folder, name)));
  });
};
