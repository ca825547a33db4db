import { type DomainError, invalid } from './errors.ts';
import type { Instant } from './instant.ts';

type Row = { id: string; createdAt: Instant };
type Request = { limit: number; pageNumber: number | null; before: string | null; after: string | null };

/** A page of rows that are at hand, in order of creation: the same rules as for rows of a table. */
export const pageOf = <T extends Row>(
  all: readonly T[],
  { limit, pageNumber, before, after }: Request,
): { rows: T[]; hasMore: boolean; total: number } | undefined => {
  const sorted = [...all].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  const from = after === null ? 0 : sorted.findIndex((row) => row.id === after) + 1;
  const to = before === null ? sorted.length : sorted.findIndex((row) => row.id === before);
  if ((after !== null && from === 0) || to === -1) return undefined;
  const between = sorted.slice(from, to);
  const start = before === null && after === null ? ((pageNumber ?? 1) - 1) * limit : 0;
  return {
    rows: between.slice(start, start + limit),
    hasMore: between.length > start + limit,
    total: all.length,
  };
};

/** A page that was asked for by the id of a row that is not in the list. */
export const unknownCursor = (page: Pick<Request, 'before' | 'after'>): DomainError => {
  const name = page.before === null ? 'after' : 'before';
  return invalid(['query', name], 'No row of this list has that id', page[name]);
};
