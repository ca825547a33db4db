import type { UploadForm } from '@sluice/contract';
import { randomText, seededRandom } from '../../testing/rows/random.ts';
import { countedFormRequest } from './form.ts';
import type { FormsJob } from './jobs.ts';
import { type LoadResult, pump } from './pump.ts';

export const runForms = (job: FormsJob): Promise<LoadResult> => {
  const random = seededRandom(job.seed);
  const requests = Array.from({ length: job.connections }, (_, index) => {
    const form = job.forms[index % job.forms.length] as UploadForm;
    return countedFormRequest(form, randomText(random, job.bodyBytes));
  });
  // Connection by connection rather than from one shared counter: no session gets more than its share.
  const share = Math.floor(job.uploads / job.connections);
  const sent = new Uint32Array(job.connections);
  return pump(new URL((job.forms[0] as UploadForm).url), job.connections, (index) => {
    const count = sent[index] as number;
    if (count === share) return undefined;
    sent[index] = count + 1;
    return requests[index]?.at(count * job.connections + index);
  });
};
