import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isOutage } from '../domain/failures/outage.ts';
import { explain } from '../explain.ts';
import { createS3ObjectStore, type S3ObjectStore } from '../objects/s3/store.ts';
import type { Clock } from '../service/ports/clock.ts';
import type { TransferSource } from '../service/transfer/source.ts';
import { planTransfer, transfer } from '../service/transfer/transfer.ts';
import type { Config } from '../settings/config.ts';
import type { ProductionStorage } from '../settings/storage-config.ts';
import { openPostgresStore } from '../store/postgres/store.ts';
import { openPostgresToLook } from '../store/transfer/target.ts';
import { systemClock } from '../system-clock.ts';
import { openTransferSource } from './transfer/open-source.ts';
import { showProgress } from './transfer/progress.ts';
import { planLines, reportLines } from './transfer/report.ts';
import { UsageError } from './usage-error.ts';

/**
 * `sluiced transfer --from DIR`: moves an embedded data folder into PostgreSQL and an object store, which the settings
 * name. The folder stays as it is. Run again after an interruption, it goes on; run again after its end, it compares.
 * Progress goes to stderr, the report to stdout.
 * @throws where it was refused, or where both sides are not equal in the end
 */
export const transferCommand = async ({ storage }: Config, args: string[]): Promise<void> => {
  const { values } = parseArgs({
    args,
    options: { from: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
  });
  const directory = values.from;
  if (directory === undefined) throw new UsageError('transfer takes --from with the data folder to move');
  if (storage.kind !== 'production') {
    throw new UsageError('transfer moves to where SLUICE_DATABASE_URL and SLUICE_S3_* say: set them');
  }
  if (!existsSync(join(directory, 'sluice.db'))) throw new Error(`there is no data in ${directory}`);

  const clock = systemClock();
  const source = await openTransferSource(directory);
  try {
    const objects = openObjects(storage, clock);
    try {
      await objects.ping();
      const context = { source, storage, objects, clock };
      const lines = values['dry-run'] ? await plan(context) : await move(context, directory);
      for (const line of lines) console.log(line);
    } catch (error) {
      throw isOutage(error) ? interrupted(explain(error, storage)) : error;
    } finally {
      await objects.close();
    }
  } finally {
    await source.close();
  }
};

type Context = { source: TransferSource; storage: ProductionStorage; objects: S3ObjectStore; clock: Clock };

const plan = async ({ source, storage, clock }: Context): Promise<string[]> => {
  const target = await openPostgresToLook(storage.database);
  try {
    return planLines(await planTransfer(source, target.read, clock));
  } finally {
    await target.close();
  }
};

const move = async ({ source, storage, objects, clock }: Context, directory: string): Promise<string[]> => {
  const store = await openPostgresStore(storage.database);
  const progress = showProgress((line) => console.error(line));
  const { concurrency } = storage.s3;
  const started = performance.now();
  try {
    const report = await transfer({ source, target: { store, objects }, clock, concurrency, progress });
    return reportLines(report, (performance.now() - started) / 1000, directory);
  } finally {
    progress.end();
    await store.close();
  }
};

/** An outage is told with what to do about it. */
const interrupted = (outage: string): Error =>
  new Error(`${outage} The folder is as it was; run the same command again, it goes on where it stopped.`);

const openObjects = ({ bucket, s3 }: ProductionStorage, clock: Clock): S3ObjectStore =>
  createS3ObjectStore({ ...s3, bucket, clock });
