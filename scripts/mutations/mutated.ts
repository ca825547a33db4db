import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutation } from './mutation.ts';

/**
 * The text of the file with its change.
 * @param root of the sources, unchanged
 * @throws Error where the list is not true any more
 */
export const mutated = (root: string, { file, from, to }: Mutation): string => {
  const [before, after, ...more] = readFileSync(join(root, 'packages', file), 'utf8').split(from);
  if (before === undefined || after === undefined) throw new Error(`is not in ${file} any more: ${from}`);
  if (more.length > 0) throw new Error(`stands in ${file} more than once: ${from}`);
  return before + to + after;
};
