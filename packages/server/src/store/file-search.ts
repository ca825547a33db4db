import type { Kysely } from 'kysely';
import type { Filter } from '../domain/odata/filter.ts';
import type { FileSearch } from '../service/ports.ts';
import { type Dialect, dialectOf } from './dialect.ts';
import { shelvesOf } from './file-shelves.ts';
import type { Database } from './schema.ts';

/** A search made ready for SQL: where to look, and what a file has to fulfil, all of it. */
export type PreparedSearch = {
  db: Kysely<Database>;
  dialect: Dialect;
  /** None where the workspace never had a file. */
  shelves: readonly number[];
  parts: readonly Filter[];
};

export const prepareSearch = async (db: Kysely<Database>, search: FileSearch): Promise<PreparedSearch> => ({
  db,
  dialect: dialectOf(db),
  shelves: await shelvesOf(db, search.workspaceId, search.includeTemporary),
  parts: [...namePart(search.name), ...(search.filter === null ? [] : conjuncts(search.filter))],
});

const namePart = (name: string | null): Filter[] =>
  name === null
    ? []
    : [{ kind: 'text', property: { of: 'file', field: 'name' }, function: 'contains', value: name }];

/** `a and (b and c)` as `a`, `b`, `c`. */
const conjuncts = (filter: Filter): Filter[] =>
  filter.kind === 'and' ? filter.of.flatMap(conjuncts) : [filter];
