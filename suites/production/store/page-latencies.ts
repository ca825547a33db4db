/*
 * Fills a workspace of a PostgreSQL database and prints how long its pages and totals take in the store, beside what
 * `npm run bench` measures of the embedded database over HTTP:
 *
 *   npm run services -- run node suites/production/store/page-latencies.ts [files, 1000000 unless told]
 */

import { parseFilter } from '../../../packages/server/src/domain/odata/parse.ts';
import { uuidOf } from '../../../packages/server/src/domain/uuid.ts';
import type { FilePage, FileSearch } from '../../../packages/server/src/service/ports/files.ts';
import type { Store } from '../../../packages/server/src/service/ports/store.ts';
import { openPostgresStore } from '../../../packages/server/src/store/postgres/store.ts';
import { insertInto } from '../../../testing/rows/collection.ts';
import { queriesFor } from '../../../testing/rows/queries.ts';
import { rowAt } from '../../../testing/rows/rows.ts';
import { createDatabase } from './create-database.ts';

const SEED = 1;
const VARIANTS = 6;
const organizationId = uuidOf('organization');
const workspaceId = uuidOf('workspace');

const rowOf = (size: number) => (index: number) => rowAt(SEED, [size], index);

const measure = async (size: number): Promise<void> => {
  const database = await createDatabase();
  try {
    const store = await openPostgresStore(database.options);
    try {
      await fill(store, size);
      await database.run('vacuum analyze');
      await printLatencies(store, size);
    } finally {
      await store.close();
    }
  } finally {
    await database.drop();
  }
};

const fill = async (store: Store, size: number): Promise<void> => {
  await store.write(async (tx) => {
    await tx.accounts.insertOrganization({ id: organizationId, name: 'o', pricingPlan: 1 });
    const counters = { createdAt: 0, fileCount: 0, filesVersion: 0 };
    await tx.workspaces.insert({ id: workspaceId, organizationId, name: 'w', ...counters });
  }, 'short');
  const start = performance.now();
  await insertInto(store, { id: workspaceId, organizationId }, { from: 0, to: size, at: rowOf(size) });
  const seconds = (performance.now() - start) / 1000;
  console.log(`${size} files in ${seconds.toFixed(0)} s, ${(size / seconds).toFixed(0)} a second`);
};

const printLatencies = async (store: Store, size: number): Promise<void> => {
  const shown = [];
  for (const query of queriesFor(size, rowOf(size))) {
    const pages: number[] = [];
    const totals: number[] = [];
    let total = 0;
    for (let round = 0; round < VARIANTS; round++) {
      const { search, page } = asked(query.parameters(query.varies ? round : 0));
      pages.push(await milliseconds(() => store.read.files.list(search, page)));
      totals.push(
        await milliseconds(async () => {
          total = await store.read.files.count(search);
        }),
      );
    }
    const of = (times: number[]) => ({
      first: times[0],
      median: times.toSorted((a, b) => a - b)[VARIANTS / 2],
    });
    const [list, count] = [of(pages), of(totals)];
    shown.push({
      query: query.name,
      'page, first': list.first,
      'page, median': list.median,
      'total, first': count.first,
      'total, median': count.median,
      finds: total,
    });
  }
  console.log('Milliseconds:');
  console.table(shown);
};

/** What the API makes of these parameters, for values that a bench sends. */
const asked = (given: Record<string, string>): { search: FileSearch; page: FilePage } => {
  const filter = given.filter === undefined ? null : parseFilter(given.filter);
  const field = given.field === 'name' ? 'name' : 'created_at';
  const sort = { field, order: given.order === 'DESC' ? 'DESC' : 'ASC' } as const;
  const { after_value: value, after_file_id: id } = given;
  const after = { value: field === 'name' ? (value ?? '') : Date.parse(value ?? '') * 1000, id: id ?? '' };
  return {
    search: { workspaceId, name: given.name ?? null, filter, includeTemporary: false },
    page: {
      sort,
      limit: 10,
      ...(value === undefined ? { offset: (Number(given.page_number ?? 1) - 1) * 10 } : { after }),
    },
  };
};

const milliseconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return Math.round((performance.now() - start) * 10) / 10;
};

await measure(Number(process.argv[2] ?? 1_000_000));
