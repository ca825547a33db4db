/**
 * Which rows of a list, by number of page or by the id of a row: `before` = created earlier, `after` = later. The row need
 * not match what is searched for, but has to be one that could be in the list: else a reader rejects with INVALID.
 */
export type PageRequest = {
  limit: number;
  pageNumber: number | null;
  before: string | null;
  after: string | null;
};

/** One row more than asked for is never returned; `hasMore` says whether there is one. */
export type Rows<T> = { rows: T[]; hasMore: boolean; total: number };
