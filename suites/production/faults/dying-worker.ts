/**
 * A worker that kills itself (SIGKILL) at the moment its arguments say. It ingests in small batches, so that there are
 * moments between them. Run as a process of its own, with the settings in its environment.
 */

import { uuidAt } from '../../../packages/server/src/domain/uuid.ts';
import { openAdapters } from '../../../packages/server/src/open-adapters.ts';
import { createJobHandler } from '../../../packages/server/src/service/job-handler.ts';
import { createPutFiles } from '../../../packages/server/src/service/put-files.ts';
import { SILENT } from '../../../packages/server/src/service/silent-observer.ts';
import { readConfig } from '../../../packages/server/src/settings/config.ts';
import { systemClock } from '../../../packages/server/src/system-clock.ts';
import { arm, die, type Moment } from './arm.ts';

const BATCH_SIZE = 400;

const [step = '', when, nth] = process.argv.slice(2);
const result = readConfig(process.env);
if ('problems' in result) throw new Error(result.problems.join('; '));
const { storage, limits } = result.config;
const clock = systemClock();
const observer = {
  ...SILENT,
  jobFailed: (job: object, error: unknown) => console.error('failed', job, error),
  queueFailed: (error: unknown) => console.error(error),
};
const ports = await openAdapters(storage, {
  clock,
  observer,
  warn: () => {},
  limits,
  jobConcurrency: 1,
  works: true,
  publicUrl: () => '',
});
arm(ports, { step, when: when as Moment['when'], nth: Number(nth) }, die);
ports.jobs.start(
  createJobHandler({
    ...ports,
    clock,
    observer,
    putFiles: createPutFiles({ clock, newId: () => uuidAt(clock()), temporaryFor: limits.temporaryFor }),
    batchSize: BATCH_SIZE,
    maxFilesPerSession: limits.maxFilesPerSession,
  }),
);
ports.jobs.enqueue({ kind: 'sweep' });
