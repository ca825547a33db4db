import { ROOT } from '../testing/sources/copy-sources.ts';
import { choose, USAGE } from './mutations/choose.ts';
import { type ListedMutation, MUTATIONS, nameOf } from './mutations/list.ts';
import { mutated } from './mutations/mutated.ts';
import { tryMutations } from './mutations/try-mutations.ts';

/** Makes changes that break promises, one at a time and in copies of the sources, and names those that no test notices. */
const tryThem = async (mutations: readonly ListedMutation[]): Promise<boolean> => {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  // Of the whole list, whatever was chosen: it is soon said, and who changes a source sees it.
  const problems = MUTATIONS.map(staleness).filter((problem) => problem !== undefined);
  const fresh = mutations.filter((one) => staleness(one) === undefined);
  try {
    problems.push(...(await tryMutations(fresh, interrupted.signal)));
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    problems.push('It was interrupted.');
  }
  for (const problem of problems) console.error(problem);
  console.log(`${fresh.length} changes, ${problems.length} problems.`);
  return problems.length === 0;
};

/** What of a change is not true any more; undefined where all of it is. */
const staleness = (mutation: ListedMutation): string | undefined => {
  try {
    mutated(ROOT, mutation);
    return undefined;
  } catch (error) {
    return `${nameOf(mutation)}\n    ${(error as Error).message}`;
  }
};

const chosen = (): ReturnType<typeof choose> | undefined => {
  try {
    return choose(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    return undefined;
  }
};

const choice = chosen();
if (choice?.isListed) for (const one of choice.mutations) console.log(`${nameOf(one)} (${one.file})`);
else if (choice === undefined || !(await tryThem(choice.mutations))) process.exitCode = 1;
