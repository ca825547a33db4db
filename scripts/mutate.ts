import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { copySources, ROOT } from '../testing/sources/copy-sources.ts';
import { sample } from './mutations/choose.ts';
import { type ListedMutation, MUTATIONS } from './mutations/list.ts';
import { mutated } from './mutations/mutated.ts';
import { firstFailure } from './mutations/try-tests.ts';

/*
 * Makes changes that break promises, one at a time and in copies of the sources, and names those that no test notices.
 *   npm run mutate                  all of them
 *   npm run mutate -- WORD…         those with one of the words in their area, file or sentence
 *   npm run mutate -- --sample 10   so many, others for each commit
 *   npm run mutate -- --list        says which there are
 */
const { values, positionals: words } = parseArgs({
  allowPositionals: true,
  options: { sample: { type: 'string' }, list: { type: 'boolean' } },
});

const AT_A_TIME = 2;

const nameOf = ({ area, what }: ListedMutation): string => `${area}: ${what}`;

const chosen = (): readonly ListedMutation[] => {
  const named = MUTATIONS.filter(
    (one) => words.length === 0 || words.some((word) => `${nameOf(one)} ${one.file}`.includes(word)),
  );
  if (values.sample === undefined) return named;
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' });
  return sample(named, Number(values.sample), commit, nameOf);
};

/** What is not true any more of one of the list; undefined where all of it is. */
const staleness = (mutation: ListedMutation): string | undefined => {
  try {
    mutated(ROOT, mutation);
    return undefined;
  } catch (error) {
    return `${nameOf(mutation)}\n    ${(error as Error).message}`;
  }
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

const tryAll = async (mutations: readonly ListedMutation[], signal: AbortSignal): Promise<string[]> => {
  const copies = Array.from({ length: AT_A_TIME }, copySources);
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
      const path = join(copy, 'packages', mutation.file);
      const original = readFileSync(path);
      writeFileSync(path, mutated(copy, mutation));
      const noticedBy = await firstFailure(copy, mutation.tests, signal);
      writeFileSync(path, original);
      console.log(`${nameOf(mutation)}\n    ${noticedBy ?? 'NOT NOTICED'}`);
      if (noticedBy === undefined) problems.push(`no test notices: ${nameOf(mutation)}`);
      // Its tests do not even begin: they would with a change that no promise is broken by.
      else if (mutation.tests.some((file) => noticedBy.endsWith(file)))
        problems.push(`is no program: ${nameOf(mutation)}`);
    });
    return problems;
  } finally {
    for (const copy of copies) rmSync(copy, { recursive: true, force: true });
  }
};

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort(signal));

const mutations = chosen();
if (values.list) {
  for (const mutation of mutations) console.log(`${nameOf(mutation)} (${mutation.file})`);
} else {
  const problems = MUTATIONS.map(staleness).filter((problem) => problem !== undefined);
  try {
    const fresh = mutations.filter((mutation) => staleness(mutation) === undefined);
    problems.push(...(await tryAll(fresh, interrupted.signal)));
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    problems.push('interrupted');
  }
  for (const problem of problems) console.error(problem);
  console.log(`${mutations.length} changes, ${problems.length} problems.`);
  if (problems.length > 0 || mutations.length === 0) process.exitCode = 1;
}
