import { parseArgs } from 'node:util';
import { explain, ofObjects } from '../explain.ts';
import { checkBucket } from '../objects/s3/bucket/check.ts';
import { setUpBucket } from '../objects/s3/bucket/setup.ts';
import type { Config } from '../settings/config.ts';
import type { ProductionStorage } from '../settings/storage-config.ts';
import { systemClock } from '../system-clock.ts';
import { createDirectForms } from '../uploads/direct-forms.ts';
import { UsageError } from './usage-error.ts';

/**
 * `sluiced bucket setup` makes the bucket if need be and lets web pages upload; `sluiced bucket check` tries all that is
 * wanted of a store. Both print a line for each step and may be repeated.
 * @throws where a line says `failed`, or the store does not take uploads by the road that is set
 */
export const bucketCommand = async (config: Config, [verb, ...args]: string[]): Promise<void> => {
  const { storage } = config;
  if (verb !== 'setup' && verb !== 'check') throw new UsageError('bucket takes setup or check');
  if (storage.kind === 'embedded') {
    throw new UsageError(
      'there is no bucket: set SLUICE_DATABASE_URL and SLUICE_S3_* for a production server',
    );
  }
  if (verb === 'setup') await setup(storage, originsOf(config, args));
  else if (args.length === 0) await check(storage);
  else throw new UsageError(`bucket check takes nothing else, not "${args.join(' ')}"`);
};

const originsOf = ({ http }: Config, args: string[]): string[] => {
  const { values } = parseArgs({ args, options: { origin: { type: 'string', multiple: true } } });
  return values.origin ?? (http.corsOrigins === '*' ? ['*'] : http.corsOrigins);
};

const explainFor =
  (storage: ProductionStorage) =>
  (error: unknown): string =>
    explain(ofObjects(error), storage);

const setup = async (storage: ProductionStorage, origins: string[]): Promise<void> => {
  const { bucket, s3 } = storage;
  const steps = await setUpBucket({ ...s3, bucket }, { origins, explain: explainFor(storage) });
  for (const { outcome, message } of steps) console.log(`${outcome.padEnd(12)}${message}`);
  if (steps.some(({ outcome }) => outcome === 'failed')) throw new Error('the bucket is not as it should be');
};

const check = async (storage: ProductionStorage): Promise<void> => {
  const { bucket, s3 } = storage;
  const { publicEndpoint, uploads } = s3;
  const clock = systemClock();
  const { checks, roads } = await checkBucket(
    { ...s3, bucket },
    {
      clock,
      publicEndpoint,
      uploads,
      signForms: createDirectForms,
      explain: explainFor(storage),
    },
  );
  for (const { outcome, message } of checks) console.log(`${outcome.padEnd(8)}${message}`);
  const [best] = roads;
  if (best === undefined) throw new Error('this store cannot be used');
  if (!roads.includes(uploads)) {
    throw new Error(`this store does not take uploads that are ${uploads}: set SLUICE_S3_UPLOADS=${best}`);
  }
  if (checks.some(({ outcome }) => outcome === 'failed')) throw new Error('this store has faults, see above');
  console.log(`Uploads can be ${roads.join(' or ')}; SLUICE_S3_UPLOADS is ${uploads}.`);
};
