import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../../../packages/server/src/service/ports/store.ts';
import { insertInto } from '../../../testing/rows/collection.ts';
import { rowAt } from '../../../testing/rows/rows.ts';
import type { Api } from '../../api.ts';

/** A server with three workspaces: `default` is what a burden falls on, `doomed` goes, `neighbour` is another tenant's. */
export type Place = {
  url: URL;
  key: string;
  api: Api;
  /** Resolves when all that `doomed` held is gone. */
  purged(): Promise<void>;
};

/** Whatever the answer is: burdens may be refused. */
export const send = async (
  { url, key }: Pick<Place, 'url' | 'key'>,
  method: string,
  path: string,
  body?: string | FormData,
): Promise<void> => {
  const type: Record<string, string> = typeof body === 'string' ? { 'content-type': 'application/json' } : {};
  const response = await fetch(new URL(path, url), {
    method,
    headers: { authorization: `Bearer ${key}`, ...type },
    ...(body === undefined ? {} : { body }),
  }).catch(() => undefined); // the server may cut a request that it refuses
  await response?.arrayBuffer().catch(() => {});
};

export const makeWorkspaces = async (server: Pick<Place, 'url' | 'key'>): Promise<void> => {
  for (const name of ['doomed', 'neighbour']) {
    await send(server, 'POST', '/api/v1/workspaces', JSON.stringify({ name }));
  }
};

export const fillWorkspaces = async (store: Store, files: number, seed: number): Promise<void> => {
  const [organization] = await store.read.accounts.organizations();
  for (const workspace of organization ? await store.read.workspaces.all(organization.id) : []) {
    const to = workspace.name === 'neighbour' ? 100 : files;
    // Ids are made from the place of a row, and are unique over all workspaces.
    const from = { default: 0, doomed: files, neighbour: 2 * files }[workspace.name] ?? 0;
    await insertInto(store, workspace, { from, to: from + to, at: (index) => rowAt(seed, [files], index) });
  }
};

export const untilPurged = async (store: Store): Promise<void> => {
  while ((await store.read.workspaces.deleted()).some(({ purgedAt }) => purgedAt === null)) await sleep(100);
};
