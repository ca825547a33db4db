import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copySources } from '../../testing/sources/copy-sources.ts';
import { type ListedMutation, nameOf } from './list.ts';
import { mutated } from './mutated.ts';
import { firstFailure } from './try-tests.ts';

/** Copies of the sources, in each of which one change is tried at a time. */
const COPIES = 2;

/**
 * Makes each change and runs its tests, after these have passed without one.
 * @returns what is wrong, a sentence each: no test notices a change, or it cannot be said
 */
export const tryMutations = async (
  mutations: readonly ListedMutation[],
  signal: AbortSignal,
): Promise<string[]> => {
  const copies = Array.from({ length: COPIES }, copySources);
  const problems: string[] = [];
  try {
    const tests = [...new Set(mutations.flatMap((mutation) => mutation.tests))];
    await inCopies(copies, tests, async (copy, file) => {
      const failed = await firstFailure(copy, [file], signal);
      if (failed !== undefined) problems.push(`${file} fails as it is: ${failed}`);
    });
    if (problems.length > 0) return problems;
    console.log(`${tests.length} files of tests pass without a change.`);
    await inCopies(copies, mutations, async (copy, mutation) => {
      const noticedBy = await tryMutation(copy, mutation, signal);
      console.log(`${nameOf(mutation)}\n    ${noticedBy ?? 'NOT NOTICED'}`);
      if (noticedBy === undefined) problems.push(`no test notices: ${nameOf(mutation)}`);
      // Its tests do not even begin, as they would with no change that only breaks a promise.
      else if (mutation.tests.some((file) => noticedBy.endsWith(file))) {
        problems.push(`is no program: ${nameOf(mutation)}`);
      }
    });
    return problems;
  } finally {
    for (const copy of copies) rmSync(copy, { recursive: true, force: true });
  }
};

/** @returns the name of the test that notices it */
const tryMutation = async (copy: string, mutation: ListedMutation, signal: AbortSignal) => {
  const path = join(copy, 'packages', mutation.file);
  const original = readFileSync(path);
  writeFileSync(path, mutated(copy, mutation));
  const noticedBy = await firstFailure(copy, mutation.tests, signal);
  writeFileSync(path, original);
  return noticedBy;
};

/** Does the work with each item, one at a time in each copy. */
const inCopies = async <T>(
  copies: readonly string[],
  items: readonly T[],
  work: (copy: string, item: T) => Promise<void>,
): Promise<void> => {
  const left = items.values();
  await Promise.all(
    copies.map(async (copy) => {
      for (const item of left) await work(copy, item);
    }),
  );
};
