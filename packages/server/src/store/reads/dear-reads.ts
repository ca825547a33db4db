import type { FileReader, FileSearch } from '../../service/ports/files.ts';
import type { Reader } from '../../service/ports/store.ts';
import { walkKeys } from '../object-keys.ts';
import { createLane } from './fair-lane.ts';
import { isTooDear } from './too-dear.ts';

/** Milliseconds for one read of a client where no setting says otherwise. */
export const QUERY_MS = 5000;
/** Milliseconds for a first try: enough for what an index answers. */
const SLICE_MS = 100;
/** Milliseconds for what the service itself has to know, such as all keys of a workspace. */
const SERVICE_MS = 60_000;
/** Pages that are read at a time: more would only wait elsewhere, where workspaces do not take turns. */
const QUICK_PAGES = 2;
/** First tries of a party that may wait, and long ones. */
const WAITING_TRIES = 256;
const WAITING_LONG = 16;

/** Rows that a page by number may walk over and still be quick. */
const QUICK_OFFSET = 1000;

/** Somewhere to read, side by side with nobody but `width` others. */
export type Room = {
  width: number;
  /** @throws DomainError QUERY_TOO_DEAR where it takes more than so many milliseconds */
  read<T>(limitMs: number, work: (read: Reader) => Promise<T>): Promise<T>;
};

export type DearReadsOptions = {
  /** For what is quick whatever is stored. */
  quick: Reader;
  /** For first tries, and for what did not end in one. */
  short: Room;
  long: Room;
  /** Milliseconds for one read of a client. */
  limitMs: number;
};

/**
 * Reads whose time may grow with what is stored are kept apart from those that are always quick, and are limited. Each is
 * tried for a moment; one that needs longer goes to the lane of such, where workspaces take turns. So neither a page
 * without a filter nor a filter that an index answers waits for a dear one. Pages are quick and yet weigh something, so
 * they take turns as well: a workspace that asks for hundreds at once keeps no other waiting.
 */
export const keepDearApart = ({ quick, short, long, limitMs }: DearReadsOptions): Reader => {
  const tries = createLane(short.width, WAITING_TRIES);
  const longs = createLane(long.width, WAITING_LONG);
  const pages = createLane(QUICK_PAGES, Number.POSITIVE_INFINITY);

  /** @param party the workspace, session or organization that asks; null: the service itself */
  const dear = async <T>(party: string | null, work: (read: Reader) => Promise<T>): Promise<T> => {
    const limit = party === null ? SERVICE_MS : limitMs;
    const tried = await tries.run(party, () => attempt(() => short.read(Math.min(SLICE_MS, limit), work)));
    return tried ? tried.value : longs.run(party, () => long.read(limit, work));
  };

  const objectKeysAfter: FileReader['objectKeysAfter'] = (workspaceId, after, limit) =>
    dear(null, ({ files }) => files.objectKeysAfter(workspaceId, after, limit));

  return {
    ...quick,
    accounts: {
      ...quick.accounts,
      tokens: (organizationId, page) =>
        dear(organizationId, ({ accounts }) => accounts.tokens(organizationId, page)),
      listUsers: (organizationId, page) =>
        dear(organizationId, ({ accounts }) => accounts.listUsers(organizationId, page)),
    },
    workspaces: {
      ...quick.workspaces,
      deleted: () => dear(null, ({ workspaces }) => workspaces.deleted()),
    },
    sessions: {
      ...quick.sessions,
      list: (search) => dear(search.workspaceId, ({ sessions }) => sessions.list(search)),
      count: (of, times) => dear(of.workspaceId, ({ sessions }) => sessions.count(of, times)),
      workspacesInLine: (now) => dear(null, ({ sessions }) => sessions.workspacesInLine(now)),
      unswept: (before, limit) => dear(null, ({ sessions }) => sessions.unswept(before, limit)),
      gauges: (times) => dear(null, ({ sessions }) => sessions.gauges(times)),
    },
    sessionFiles: {
      ...quick.sessionFiles,
      list: (search) =>
        search.status !== null || ((search.pageNumber ?? 1) - 1) * search.limit > QUICK_OFFSET
          ? dear(search.sessionId, ({ sessionFiles }) => sessionFiles.list(search))
          : pages.run(search.sessionId, () => quick.sessionFiles.list(search)),
    },
    files: {
      ...quick.files,
      get: (workspaceId, id) => pages.run(workspaceId, () => quick.files.get(workspaceId, id)),
      list: (search, page) =>
        isFiltered(search) || (page.offset ?? 0) > QUICK_OFFSET
          ? dear(search.workspaceId, ({ files }) => files.list(search, page))
          : pages.run(search.workspaceId, () => quick.files.list(search, page)),
      count: (search) =>
        isFiltered(search) || search.includeTemporary
          ? dear(search.workspaceId, ({ files }) => files.count(search))
          : pages.run(search.workspaceId, () => quick.files.count(search)),
      metadataFields: (workspaceId, limit) =>
        dear(workspaceId, ({ files }) => files.metadataFields(workspaceId, limit)),
      metadataTypes: (where, keys) =>
        pages.run(where.workspaceId, () => quick.files.metadataTypes(where, keys)),
      objectKeysAfter,
      objectKeys: (workspaceId) => walkKeys(objectKeysAfter, workspaceId),
    },
  };
};

/** Undefined where it was too dear. */
const attempt = async <T>(work: () => Promise<T>): Promise<{ value: T } | undefined> => {
  try {
    return { value: await work() };
  } catch (error) {
    if (isTooDear(error)) return undefined;
    throw error;
  }
};

const isFiltered = ({ name, filter }: FileSearch): boolean => name !== null || filter !== null;
