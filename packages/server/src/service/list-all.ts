import type { ObjectStore, StoredObject } from './ports.ts';

const PAGE = 1000;

/** Every object below a prefix. For prefixes of bounded size: those of upload sessions. */
export const listAll = async (objects: ObjectStore, prefix: string): Promise<StoredObject[]> => {
  const all: StoredObject[] = [];
  for (;;) {
    const after = all.at(-1)?.key;
    const page = await objects.list(prefix, { limit: PAGE, ...(after === undefined ? {} : { after }) });
    all.push(...page);
    if (page.length < PAGE) return all;
  }
};
