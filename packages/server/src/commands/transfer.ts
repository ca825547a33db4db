import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Config } from '../config.ts';
import { openAdapters } from '../open-adapters.ts';
import { planTransfer, transfer } from '../service/transfer/transfer.ts';
import { systemClock } from '../system-clock.ts';
import { openTransferSource } from './transfer/open-source.ts';
import { showProgress } from './transfer/progress.ts';
import { planLines, reportLines } from './transfer/report.ts';
import { UsageError } from './usage-error.ts';

/**
 * `sluiced transfer --from DIR`: moves an embedded data folder into PostgreSQL and an object store, the settings of which
 * are the target. The folder stays as it is. Run again after an interruption, it goes on; run again after its end, it
 * compares. Progress goes to stderr, the report to stdout.
 * @throws where it was refused, or where both sides are not equal in the end
 */
export const transferCommand = async (config: Config, args: string[]): Promise<void> => {
  const { values } = parseArgs({
    args,
    options: { from: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
  });
  if (values.from === undefined) throw new UsageError('transfer takes --from with the data folder to move');
  const { storage } = config;
  if (storage.kind !== 'production') {
    throw new Error('where to? Set SLUICE_DATABASE_URL and SLUICE_S3_* to the new database and object store');
  }
  if (!existsSync(join(values.from, 'sluice.db'))) throw new Error(`there is no data in ${values.from}`);

  const clock = systemClock();
  const source = await openTransferSource(values.from);
  try {
    const target = await openAdapters(storage, {
      clock,
      observer: SILENT,
      limits: config.limits,
      jobConcurrency: 1,
      publicUrl: () => '',
    });
    try {
      if (values['dry-run']) {
        await target.objects.ping();
        for (const line of planLines(await planTransfer({ source, target, clock }))) console.log(line);
        return;
      }
      const progress = showProgress((line) => console.error(line));
      const started = performance.now();
      try {
        const { concurrency } = storage.s3;
        const report = await transfer({ source, target, clock, concurrency, progress });
        const seconds = (performance.now() - started) / 1000;
        for (const line of reportLines(report, seconds, values.from)) console.log(line);
      } finally {
        progress.end();
      }
    } finally {
      await target.jobs.stop();
      await target.close();
    }
  } finally {
    await source.close();
  }
};

/** Nothing happens here that an observer is told of. */
const SILENT = { filesSettled: () => {}, sessionIngested: () => {}, jobFailed: () => {} };
