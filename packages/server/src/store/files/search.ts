import { sql } from 'kysely';
import type { Filter } from '../../domain/odata/filter.ts';
import type { FileSearch } from '../../service/ports/files.ts';
import type { Tables } from '../dialect.ts';
import { countRows } from '../row-count.ts';
import { refuseOldEntries } from './index-renewal.ts';
import { shelvesOf } from './shelves.ts';

/** A search made ready for SQL: where to look, and what a file has to fulfil, all of it. */
export type PreparedSearch = Tables & {
  workspaceId: string;
  includeTemporary: boolean;
  /** None where the workspace never had a file. */
  shelves: readonly number[];
  parts: readonly Filter[];
};

/** @throws INDEX_NOT_READY */
export const prepareSearch = async ({ db, dialect }: Tables, search: FileSearch): Promise<PreparedSearch> => {
  const shelves = await shelvesOf(db, search.workspaceId, search.includeTemporary);
  if (search.filter !== null) await refuseOldEntries(db, shelves, search.filter);
  return {
    db,
    dialect,
    workspaceId: search.workspaceId,
    includeTemporary: search.includeTemporary,
    shelves,
    parts: [...namePart(search.name), ...(search.filter === null ? [] : conjuncts(search.filter))],
  };
};

/** How many files there are where the search looks. */
export const countAll = async ({
  db,
  dialect,
  workspaceId,
  includeTemporary,
  shelves,
}: PreparedSearch): Promise<number> => {
  if (includeTemporary) {
    const onShelves = sql`shelf in (${sql.join(shelves)}) and ${dialect.inTimeAt(sql`number`)}`;
    return countRows(db, sql`select 1 from file where ${onShelves}`);
  }
  const workspaces = db.selectFrom('workspace').select('fileCount').where('id', '=', workspaceId);
  return (await workspaces.executeTakeFirst())?.fileCount ?? 0;
};

const namePart = (name: string | null): Filter[] =>
  name === null
    ? []
    : [{ kind: 'text', property: { of: 'file', field: 'name' }, function: 'contains', value: name }];

/** `a and (b and c)` as `a`, `b`, `c`. */
const conjuncts = (filter: Filter): Filter[] =>
  filter.kind === 'and' ? filter.of.flatMap(conjuncts) : [filter];
