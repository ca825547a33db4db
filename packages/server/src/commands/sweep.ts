import { parseArgs } from 'node:util';
import { printable } from '@sluice/contract';
import { HOUR } from '../domain/instant.ts';
import { explain } from '../explain.ts';
import { openAdapters } from '../open-adapters.ts';
import { findUnknownObjects } from '../service/cleanup/unknown-objects.ts';
import { deleteMost } from '../service/files/delete-most.ts';
import { SILENT } from '../service/silent-observer.ts';
import type { Config } from '../settings/config.ts';
import { systemClock } from '../system-clock.ts';
import { UsageError } from './usage-error.ts';

/**
 * `sluiced sweep`: deletes objects that no row knows, such as a database restored from an older backup leaves behind, and
 * what unfinished uploads hold. Prints one line for each object, and the counts at last.
 * @throws where an object or an unfinished upload could not be deleted
 */
export const sweepCommand = async (config: Config, args: string[]): Promise<void> => {
  const { values } = parseArgs({
    args,
    options: {
      'dry-run': { type: 'boolean', default: false },
      'grace-hours': { type: 'string', default: '24' },
      limit: { type: 'string', default: '10000' },
      'unknown-organizations': { type: 'boolean', default: false },
    },
  });
  const grace = wholeNumber('--grace-hours', values['grace-hours'], 1) * HOUR;
  const limit = wholeNumber('--limit', values.limit, 1);
  const clock = systemClock();
  const { store, objects, jobs, close } = await openAdapters(config.storage, {
    clock,
    observer: SILENT,
    warn: (details, message) => console.error(`${message}: ${JSON.stringify(details)}`),
    limits: config.limits,
    jobConcurrency: 1,
    works: false,
    publicUrl: () => '',
  });
  try {
    const search = { grace, limit, unknownOrganizations: values['unknown-organizations'] };
    const { seen, unknown, more, foreign, young } = await findUnknownObjects(
      { store, objects, clock },
      search,
    );
    for (const { key, size } of unknown) console.log(`${size}\t${printable(key)}`);
    const keys = unknown.map(({ key }) => key);
    const { left, cause } = values['dry-run'] ? { left: [] } : await deleteMost(objects, keys);
    const done = values['dry-run'] ? 'would be deleted' : 'deleted';
    console.log(
      `${seen} objects seen, ${keys.length - left.length} without a row ${done}${more ? '; there are more' : ''}`,
    );
    if (young > 0) {
      console.log(
        `${young} more without a row are younger than ${values['grace-hours']} hours and stay: what is under way looks like that, and all that was just restored. Once nothing of it can be under way: --grace-hours 1`,
      );
    }
    if (foreign > 0) {
      console.log(
        `${foreign} more are of organizations that this database does not know. If it is the right one: --unknown-organizations`,
      );
    }
    const abandoned = await objects.abortAbandoned(clock() - objects.lateness, { dryRun: values['dry-run'] });
    console.log(`${abandoned} unfinished uploads ${values['dry-run'] ? 'would be dropped' : 'dropped'}`);
    if (left.length > 0) {
      throw new Error(
        `${left.length} objects cannot be deleted, one of them ${printable(left[0] ?? '')}. ${explain(cause, config.storage)}`,
      );
    }
  } finally {
    await jobs.stop();
    await close();
  }
};

const wholeNumber = (option: string, value: string, min: number): number => {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= min)) throw new UsageError(`${option} takes a whole number from ${min}`);
  return number;
};
