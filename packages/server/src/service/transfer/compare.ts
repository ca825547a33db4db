import { createHash, type Hash } from 'node:crypto';
import { isRawNumber } from '../../domain/json/numbers.ts';
import type { SessionFile } from '../../domain/session.ts';
import type { Reader, Store } from '../ports/store.ts';
import { mergeFiles } from './merge-files.ts';
import type { RowCounts, TransferSource } from './source.ts';
import { everyToken, everyWorkspace, sessionFilePages } from './walks.ts';

/** What a comparison of all rows has found. */
export type Comparison = {
  /** Rows that the target holds. */
  counts: RowCounts;
  /** SHA-256 over all files, their metadata included, as each side has them; hex. */
  checksums: { source: string; target: string };
  /** What differs, in words, the first ones. */
  differences: string[];
};

const MAX_DIFFERENCES = 20;

/** Compares what both sides hold, row by row; API keys apart. */
export const compareRows = async (
  source: TransferSource,
  { read: target }: Store,
  onFile: () => void,
): Promise<Comparison> => {
  const { counts, differences, tell, compare } = createTally();
  const hashes = { source: createHash('sha256'), target: createHash('sha256') };

  for (const wanted of await source.read.accounts.organizations()) {
    const { id } = wanted;
    compare('organizations', `organization ${id}`, wanted, await target.accounts.organization(id));
    for (const user of await source.users(id)) {
      compare('users', `user ${user.id}`, user, await target.accounts.user(id, user.id));
    }
  }
  for await (const { workspace } of everyWorkspace(source.read)) {
    const found = await target.workspaces.byId(workspace.id);
    compare('workspaces', `workspace ${workspace.id}`, shown(workspace), found && shown(found));
    await compareHistory(source.read, target, workspace.id, compare);
    for await (const pair of mergeFiles(source.read.files, target.files, workspace.id)) {
      if (pair.source) addTo(hashes.source, pair.source);
      if (pair.target) addTo(hashes.target, pair.target);
      onFile();
      if (pair.source) compare('files', `file ${pair.source.id}`, pair.source, pair.target);
      else tell(`file ${pair.target.id} is in the target only`);
    }
  }
  const checksums = { source: hashes.source.digest('hex'), target: hashes.target.digest('hex') };
  return { counts, checksums, differences };
};

export const compareTokens = async (
  source: TransferSource,
  { read: target }: Store,
): Promise<Pick<Comparison, 'counts' | 'differences'>> => {
  const { counts, differences, compare } = createTally();
  for (const { id } of await source.read.accounts.organizations()) {
    for (const token of await everyToken(source.read.accounts, id)) {
      compare('tokens', `API key ${token.id}`, token, await target.accounts.token(id, token.id));
    }
  }
  return { counts, differences };
};

const createTally = () => {
  const counts: RowCounts = {
    organizations: 0,
    users: 0,
    tokens: 0,
    workspaces: 0,
    sessions: 0,
    sessionFiles: 0,
    files: 0,
  };
  const differences: string[] = [];
  const tell = (difference: string): void => {
    if (differences.length < MAX_DIFFERENCES) differences.push(difference);
  };
  const compare: Compare = (kind, what, wanted, found) => {
    if (found !== undefined) counts[kind] += 1;
    if (found === undefined) tell(`${what} is missing in the target`);
    else if (canonical(wanted) !== canonical(found)) tell(`${what} differs`);
  };
  return { counts, differences, tell, compare };
};

type Compare = (kind: keyof RowCounts, what: string, wanted: unknown, found: unknown) => void;

const compareHistory = async (
  source: Reader,
  target: Reader,
  workspaceId: string,
  compare: Compare,
): Promise<void> => {
  for await (const id of source.sessions.idsOfWorkspace(workspaceId)) {
    const [wanted, found] = [await source.sessions.byId(id), await target.sessions.byId(id)];
    compare('sessions', `upload session ${id}`, unswept(wanted), unswept(found));
    const pages = sessionFilePages(target.sessionFiles, id);
    for await (const files of sessionFilePages(source.sessionFiles, id)) {
      const page: SessionFile[] = (await pages.next()).value ?? [];
      const there = new Map(page.map((file) => [file.id, file]));
      for (const file of files) {
        compare('sessionFiles', `file ${file.id} of upload session ${id}`, file, there.get(file.id));
      }
    }
  }
};

/** When its late uploads were swept is each side's own affair. */
const unswept = <T extends { sweptAt: unknown }>(session: T | undefined) =>
  session && { ...session, sweptAt: null };

/** `filesVersion` counts changes, of which a copy has fewer. */
const shown = <T extends { filesVersion: unknown }>(workspace: T) => ({ ...workspace, filesVersion: null });

const addTo = (hash: Hash, file: object): void => {
  hash.update(`${canonical(file)}\n`);
};

/** JSON with the keys of every object in order, so that equal values have equal texts. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    item !== null && typeof item === 'object' && !Array.isArray(item) && !isRawNumber(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
