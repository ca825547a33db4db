import { uuidAt } from '../../../packages/server/src/domain/uuid.ts';
import { openAdapters } from '../../../packages/server/src/open-adapters.ts';
import { createIngestion } from '../../../packages/server/src/service/ingestion/ingest.ts';
import { createPutFiles } from '../../../packages/server/src/service/put-files.ts';
import { SILENT } from '../../../packages/server/src/service/silent-observer.ts';
import { readConfig } from '../../../packages/server/src/settings/config.ts';
import type { Ports } from './arm.ts';
import type { Stage } from './stage.ts';

const BATCH_SIZE = 40;

/** A worker without a queue: it ingests when it is told to, in small batches. Some of its settings may be others. */
export const openWorker = async (
  { settings, clock }: Stage,
  others: Record<string, string> = {},
  prepare: (ports: Ports) => void = () => {},
) => {
  const result = readConfig({ ...settings, ...others });
  if ('problems' in result) throw new Error(result.problems.join('; '));
  const { storage, limits } = result.config;
  const context = {
    clock,
    observer: SILENT,
    warn: () => {},
    limits,
    jobConcurrency: 1,
    works: false,
    publicUrl: () => '',
  };
  const ports = await openAdapters(storage, context);
  prepare(ports);
  const ingest = createIngestion({
    ...ports,
    clock,
    observer: SILENT,
    putFiles: createPutFiles({ clock, newId: () => uuidAt(clock()), temporaryFor: limits.temporaryFor }),
    batchSize: BATCH_SIZE,
    maxFilesPerSession: limits.maxFilesPerSession,
  });
  return {
    ingest: (sessionId: string) => ingest(sessionId, new AbortController().signal),
    close: async () => {
      await ports.jobs.stop();
      await ports.close();
    },
  };
};
