import { type DomainError, invalid } from './errors.ts';
import type { Instant } from './instant.ts';

type Row = { id: string; createdAt: Instant };
type Request = { limit: number; pageNumber: number | null; before: string | null; after: string | null };

/**
 * A page of rows that are at hand, in order of creation, of those that match: the same rules as for rows of a table. A
 * cursor is the id of any of them.
 * @throws INVALID for another one
 */
export const pageOf = <T extends Row>(
  all: readonly T[],
  matches: (row: T) => boolean,
  { limit, pageNumber, before, after }: Request,
): { rows: T[]; hasMore: boolean; total: number } => {
  const sorted = [...all].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  const from = after === null ? 0 : sorted.findIndex((row) => row.id === after) + 1;
  const to = before === null ? sorted.length : sorted.findIndex((row) => row.id === before);
  if (before !== null && to === -1) throw unknownCursor('before', before);
  if (after !== null && from === 0) throw unknownCursor('after', after);
  const between = sorted.slice(from, to).filter(matches);
  const start = before === null && after === null ? ((pageNumber ?? 1) - 1) * limit : 0;
  return {
    rows: between.slice(start, start + limit),
    hasMore: between.length > start + limit,
    total: all.filter(matches).length,
  };
};

/** A cursor that is the id of no row that is known where the list is of; one that has left the list is. */
export const unknownCursor = (name: 'before' | 'after', id: string): DomainError =>
  invalid(['query', name], 'There is no row with that id', id);
