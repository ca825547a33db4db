import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { CompiledQuery } from 'kysely';
import type { FileRecord } from '../../../packages/server/src/domain/file.ts';
import { parseFilter } from '../../../packages/server/src/domain/odata/parse.ts';
import type { FilePage, FileSearch } from '../../../packages/server/src/service/ports/files.ts';
import { type FileDatabase, fileOf, searchFor, WORKSPACE } from '../../../testing/store/file-fixture.ts';
import { openPostgresFiles } from './open-postgres-files.ts';

const START = 1_700_000_000_000_000;
const FILES = 12_000;

const timeAt = (second: number): string => new Date(second * 1000).toISOString();

let database: FileDatabase;
before(async () => {
  database = await openPostgresFiles();
  const files = Array.from({ length: FILES }, (_, at) =>
    fileOf(at, {
      name: `report-${at}.txt`,
      createdAt: START + at * 1_000_000,
      metadata: { half: at % 2, tenth: at % 10, key: `k${at}`, at: timeAt(at) },
    }),
  );
  await database.write((writer) => writer.insertMany(files));
  await database.db.executeQuery(CompiledQuery.raw('vacuum analyze'));
});

/** A step of a plan: `Index Scan file_created`, `Seq Scan file`, `Sort`. */
type Node = { 'Node Type': string; 'Index Name'?: string; 'Relation Name'?: string; Plans?: Node[] };

const stepsOf = (node: Node): string[] => [
  `${node['Node Type']} ${node['Index Name'] ?? node['Relation Name'] ?? ''}`.trim(),
  ...(node.Plans ?? []).flatMap(stepsOf),
];

/** How the database goes about what `work` asks it, one list of steps for each statement. */
const plansOf = async (work: () => Promise<unknown>): Promise<string[][]> => {
  const { db, statements } = database;
  statements.length = 0;
  await work();
  const plans: string[][] = [];
  for (const { sql, parameters } of [...statements]) {
    if (!/^\s*(select|insert|update|delete|with)\b/.test(sql)) continue;
    const explained = await db.executeQuery<Record<string, [{ Plan: Node }]>>(
      CompiledQuery.raw(`explain (format json) ${sql}`, [...parameters]),
    );
    const [plan] = Object.values(explained.rows[0] ?? {});
    plans.push(stepsOf((plan as [{ Plan: Node }])[0].Plan));
  }
  return plans;
};

const SCAN = /^Seq Scan (file|file_metadata|session_file)$/;

const byCreation = { field: 'created_at', order: 'ASC' } as const;
const byName = { field: 'name', order: 'DESC' } as const;
const first = { sort: byCreation, limit: 10, offset: 0 } as const;
const deep = { sort: byCreation, limit: 10, after: { value: START + 5, id: 'x' } } as const;
const filtered = (filter: string): FileSearch => searchFor({ filter: parseFilter(filter) });

const CREATED = /^Index (Only )?Scan file_created$/;
const NAME = /^Index (Only )?Scan file_name$/;
const VALUE = /^(Index (Only )?Scan|Bitmap Index Scan) file_metadata_value$/;
const CHECK = /^Index (Only )?Scan file_metadata_file$/;
const TRIGRAM = /^Bitmap Index Scan file_name_trigram$/;

const PAGES: [string, FileSearch, FilePage, RegExp[]][] = [
  ['the first page', searchFor(), first, [CREATED]],
  ['a page deep in', searchFor(), deep, [CREATED]],
  ['by name', searchFor(), { ...first, sort: byName }, [NAME]],
  ['with TEMPORARY files', searchFor({ includeTemporary: true }), deep, [CREATED]],
  ['few equal', filtered("key eq 'k7'"), first, [VALUE]],
  ['many equal', filtered('half eq 1'), deep, [VALUE]],
  ['many equal, by name', filtered('half eq 1'), { ...first, sort: byName }, [NAME, CHECK]],
  ['few of many', filtered("half eq 1 and key eq 'k7'"), first, [VALUE, CHECK]],
  ['many of many', filtered('half eq 1 and tenth eq 1'), deep, [VALUE, CHECK]],
  ['a range', filtered("key ge 'k77' and half eq 1"), first, [VALUE]],
  ['a prefix', filtered("startswith(key,'k777')"), first, [VALUE]],
  ['a range of times', filtered('at ge 1970-01-01T03:00:00Z and at lt 1970-01-02'), first, [VALUE]],
  ['a whole number', filtered('tenth eq 9007199254740993'), first, [VALUE]],
  ['one or the other', filtered("key eq 'k1' or key eq 'k2'"), first, [VALUE]],
  ['part of a name', searchFor({ name: 'report-777' }), first, [TRIGRAM]],
  ['short part of a name', searchFor({ name: '7' }), deep, [CREATED]],
  ['not', filtered('not (half eq 1)'), deep, [CREATED, CHECK]],
  ['a name', filtered("name eq 'report-7.txt'"), first, [/ file_name$/]],
  ['names', filtered("name in ('report-7.txt','x')"), first, [/ file_name$/]],
  ['values', filtered("key in ('k7','k8')"), first, [VALUE]],
  ['an id', filtered("file_id in ('a','b')"), first, [/ file_id_key$/]],
];

test('every page comes from an index', async () => {
  for (const [name, search, page, steps] of PAGES) {
    const plans = await plansOf(() => database.files.list(search, page));
    const shown = `${name}:\n${plans.map((plan) => plan.join('\n')).join('\n\n')}`;
    for (const step of steps) {
      assert.ok(
        plans.flat().some((line) => step.test(line)),
        `${step} ${shown}`,
      );
    }
    assert.deepEqual(
      plans.flat().filter((line) => SCAN.test(line)),
      [],
      shown,
    );
  }
});

test('a page of a walk is sorted by its index, also over two shelves', async () => {
  await database.write((files) => files.insertMany([fileOf('t', { temporaryUntil: START })]));
  for (const sort of [byCreation, byName]) {
    for (const includeTemporary of [false, true]) {
      const plans = await plansOf(() =>
        database.files.list(searchFor({ includeTemporary }), { ...first, sort }),
      );
      const walk = plans.at(-1) as string[];
      const index = sort === byName ? NAME : CREATED;
      assert.equal(walk.filter((step) => index.test(step)).length, includeTemporary ? 2 : 1, walk.join('\n'));
      // What is sorted, if anything, are two pages.
      assert.ok(
        !walk.includes('Sort') || walk.filter((step) => step === 'Limit').length === 3,
        walk.join('\n'),
      );
    }
  }
});

test('reads and writes by name, id and number come from an index', async () => {
  const { files, write } = database;
  const ids = (await files.some(WORKSPACE, 3)).map(({ id }) => id);
  const some = [...(await files.getMany(WORKSPACE, ids)).values()];
  const [replaced, changed, removed] = some as [FileRecord, FileRecord, FileRecord];
  const plans = await plansOf(async () => {
    await files.withNames(WORKSPACE, ['report-1.txt', 'x']);
    await files.get(WORKSPACE, replaced.id);
    await files.getMany(WORKSPACE, [replaced.id, 'x']);
    await files.some(WORKSPACE, 10, ['report-1.txt', 'x']);
    await files.temporaryUntil(START - 1, 10);
    await files.metadataFields(WORKSPACE, 10);
    await files.hasOldEntries();
    await write(async (writer) => {
      await writer.lockWorkspace(WORKSPACE);
      await writer.insertMany([fileOf('new', { metadata: { a: 1 } })]);
      await writer.replace([replaced]);
      await writer.setMetadataMany([{ ...changed, metadata: { a: 2 } }]);
      await writer.remove([removed]);
      await writer.renewEntries(10);
    });
  });
  const shown = plans.map((plan) => plan.join('\n')).join('\n\n');
  assert.deepEqual(
    plans.flat().filter((line) => SCAN.test(line)),
    [],
    shown,
  );
});
