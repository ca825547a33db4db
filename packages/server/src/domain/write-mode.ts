import type { WriteMode } from '@sluice/contract';
import type { FileHead, FileRecord } from './file.ts';

/** What each mode does with a file whose name is taken, and whether what it puts goes again by itself. */
export const WRITE_RULES: Record<WriteMode, { taken: 'add' | 'replace' | 'refuse'; temporary: boolean }> = {
  KEEP: { taken: 'add', temporary: false },
  OVERWRITE: { taken: 'replace', temporary: false },
  FAIL: { taken: 'refuse', temporary: false },
  TEMPORARY: { taken: 'add', temporary: true },
};

/** What putting files into a workspace comes to. Objects of `removed` and `displaced` are needed no more. */
export type WritePlan = {
  inserted: FileRecord[];
  /** New content under the id of a file that was there. */
  replaced: FileRecord[];
  /** Twins that an OVERWRITE takes away. */
  removed: FileHead[];
  /** Keys whose content was replaced. */
  displaced: string[];
  /** Files whose name was taken. */
  refused: FileRecord[];
};

/**
 * Applies a write mode to files that arrive together, their names all different.
 * @param taken files that have these names now, the newest last; read in the transaction that carries the plan out
 */
export const planWrites = (
  mode: WriteMode,
  arriving: readonly FileRecord[],
  taken: ReadonlyMap<string, readonly FileHead[]>,
): WritePlan => {
  const plan: WritePlan = { inserted: [], replaced: [], removed: [], displaced: [], refused: [] };
  const rule = WRITE_RULES[mode].taken;
  for (const file of arriving) {
    const twins = taken.get(file.name) ?? [];
    const newest = twins.at(-1);
    if (newest === undefined || rule === 'add') plan.inserted.push(file);
    else if (rule === 'refuse') plan.refused.push(file);
    else {
      plan.replaced.push({ ...file, id: newest.id, createdAt: newest.createdAt });
      plan.removed.push(...twins.slice(0, -1));
      plan.displaced.push(newest.objectKey);
    }
  }
  return plan;
};
