import assert from 'node:assert/strict';

/** Which id of this run stands for which of the page: one for one, from the first time on that both were seen. */
export type Ids = {
  /** @throws where either is known to stand for another */
  learn(of: string, is: string): void;
  /** The text with the ids of this run, as far as they are known. */
  here(text: string): string;
};

export const createIds = (): Ids => {
  const ids = new Map<string, string>();
  const known = new Set<string>();
  return {
    learn: (of, is) => {
      if (of === is || ids.get(of) === is) return;
      assert.ok(!ids.has(of) && !known.has(of), `the page has ${of} once more, where it is ${is} now`);
      assert.ok(!known.has(is), `${is} had another id on the page before`);
      ids.set(of, is);
      known.add(is);
    },
    here: (text) => {
      let changed = text;
      for (const [of, is] of ids) changed = changed.replaceAll(of, is);
      return changed;
    },
  };
};
