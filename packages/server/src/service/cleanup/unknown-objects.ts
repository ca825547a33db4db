import type { Instant } from '../../domain/instant.ts';
import { parseObjectKey } from '../../domain/object-keys.ts';
import type { ServiceContext } from '../context.ts';
import { everyObject } from '../every-object.ts';
import type { StoredObject } from '../ports/objects.ts';
import type { Store } from '../ports/store.ts';

const PAGE = 1000;

export type UnknownObjectsSearch = {
  /** Microseconds: what is younger stays, since its row may be under way. */
  grace: number;
  /** How many to find at most. */
  limit: number;
  /** Take those of organizations without a row, too; a database that is not the bucket's own knows none of them. */
  unknownOrganizations?: boolean;
};

/**
 * Objects that no row knows, nor any work under way: there are none unless the database lost rows, as one restored from
 * an older backup has. Rows and objects are walked side by side in the order of keys: the whole bucket, since whole
 * organizations may be lost; `foreign` counts what is theirs, `young` what the grace keeps, of all organizations. What is not
 * ours stays.
 */
export const findUnknownObjects = async (
  context: Pick<ServiceContext, 'store' | 'objects' | 'clock'>,
  { grace, limit, unknownOrganizations = false }: UnknownObjectsSearch,
): Promise<{ seen: number; unknown: StoredObject[]; more: boolean; foreign: number; young: number }> => {
  const { objects, clock } = context;
  const before = clock() - grace;
  const unknown = new Map<string, StoredObject>();
  let seen = 0;
  let foreign = 0;
  let young = 0;
  let more = false;
  const known = new Set((await context.store.read.accounts.organizations()).map(({ id }) => id));
  const isKnown = await createLookup(context);
  for await (const object of everyObject(objects, '')) {
    seen += 1;
    if (await isKnown(object.key)) continue;
    if (object.storedAt >= before) young += 1;
    else if (!unknownOrganizations && !known.has(object.key.slice(0, object.key.indexOf('/')))) foreign += 1;
    else if (unknown.size >= limit) more = true;
    else unknown.set(object.key, object);
  }
  await dropKnown(context, unknown);
  return { seen, unknown: [...unknown.values()], more, foreign, young };
};

/** Says of keys, asked in ascending order, whether a row needs them or another sweep is in charge of them. */
const createLookup = async ({
  store,
  clock,
  objects,
}: Pick<ServiceContext, 'store' | 'objects' | 'clock'>) => {
  const purging = new Set((await store.read.workspaces.deleted()).map(({ id }) => id));
  const now: Instant = clock();
  let walked: { workspaceId: string; keys: AsyncIterator<string>; at: string | undefined } | undefined;
  const sessions = new Map<string, boolean>();

  const isFileKey = async (workspaceId: string, key: string): Promise<boolean> => {
    if (walked?.workspaceId !== workspaceId) {
      await walked?.keys.return?.();
      const keys = store.read.files.objectKeys(workspaceId)[Symbol.asyncIterator]();
      walked = { workspaceId, keys, at: await nextOf(keys) };
    }
    while (walked.at !== undefined && Buffer.compare(Buffer.from(walked.at), Buffer.from(key)) < 0) {
      walked.at = await nextOf(walked.keys);
    }
    return walked.at === key;
  };

  /** A session whose time is not up is swept when it is. */
  const isSwept = async (id: string): Promise<boolean> => {
    const known = sessions.get(id);
    if (known !== undefined) return known;
    const session = await store.read.sessions.byId(id);
    const swept = !session || (session.sweptAt !== null && session.expiresAt + objects.lateness < now);
    sessions.set(id, swept);
    return swept;
  };

  return async (key: string): Promise<boolean> => {
    const parsed = parseObjectKey(key);
    if (parsed === undefined) return true; // not one of ours
    if (purging.has(parsed.workspaceId)) return true;
    if (parsed.kind === 'file') return isFileKey(parsed.workspaceId, key);
    return !(await isSwept(parsed.sessionId));
  };
};

const nextOf = async (keys: AsyncIterator<string>): Promise<string | undefined> => {
  const { done, value } = await keys.next();
  return done ? undefined : value;
};

/** Drops those that have got a row meanwhile, are about to, or are due to be deleted anyway. */
const dropKnown = async ({ store }: { store: Store }, unknown: Map<string, StoredObject>): Promise<void> => {
  const byWorkspace = Map.groupBy(unknown.keys(), (key) => parseObjectKey(key)?.workspaceId);
  for (const [workspaceId, keys] of byWorkspace) {
    for (let at = 0; at < keys.length; at += PAGE) {
      const some = keys.slice(at, at + PAGE);
      for (const key of await store.read.garbage.among(some)) unknown.delete(key);
      const contents = new Map(
        some.flatMap((key) => {
          const parsed = parseObjectKey(key);
          return parsed?.kind === 'file' ? [[parsed.contentId, key] as const] : [];
        }),
      );
      for (const id of await store.read.sessionFiles.pendingAmong([...contents.keys()])) {
        unknown.delete(contents.get(id) as string);
      }
    }
    // After the check above: what was PENDING before it and is not now has its row.
    if (workspaceId === undefined || !keys.some((key) => unknown.has(key))) continue;
    for await (const key of store.read.files.objectKeys(workspaceId)) unknown.delete(key);
  }
};
