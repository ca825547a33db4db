import { createBreath } from './breathe.ts';
import type { ObjectReading, StoredObject } from './ports/objects.ts';

const PAGE = 1000;

/** All objects below a prefix in ascending order of their keys. */
export async function* everyObject(
  objects: Pick<ObjectReading, 'list'>,
  prefix: string,
): AsyncGenerator<StoredObject> {
  let after: string | undefined;
  const breathe = createBreath();
  for (;;) {
    await breathe();
    const page = await objects.list(prefix, { limit: PAGE, ...(after === undefined ? {} : { after }) });
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.key;
  }
}

/** The same at once, for prefixes of bounded size: those of upload sessions. */
export const listAll = (objects: Pick<ObjectReading, 'list'>, prefix: string): Promise<StoredObject[]> =>
  Array.fromAsync(everyObject(objects, prefix));
