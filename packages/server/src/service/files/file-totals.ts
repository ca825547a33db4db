import type { Workspace } from '../../domain/workspace.ts';
import type { FileReader, FileSearch } from '../ports/files.ts';
import { createRecent } from '../recent.ts';

/** Totals kept; those unused longest go when there are more. */
const KEPT = 500;

/**
 * How many files match a search. Counting grows with the matches, and a client that walks a list asks on every page, so
 * a total is kept for as long as nothing in the workspace has changed.
 */
export const createFileTotals = (files: Pick<FileReader, 'count'>) => {
  const totals = createRecent<number>(KEPT);
  return async (workspace: Workspace, search: FileSearch): Promise<number> => {
    if (search.name === null && search.filter === null && !search.includeTemporary)
      return workspace.fileCount;
    const key = JSON.stringify([workspace.filesVersion, search]);
    const total = totals.get(key) ?? (await files.count(search));
    totals.set(key, total);
    return total;
  };
};
