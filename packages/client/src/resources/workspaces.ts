import type { Workspace, WorkspaceStats } from '@sluice/contract';
import type { RequestOptions, Requests } from '../http/request.ts';
import { plain } from '../options.ts';

export type Workspaces = ReturnType<typeof workspaceMethods>;

/** Workspaces are addressed by name. */
export const workspaceMethods = (requests: Requests) => {
  const one = (name: string) => ['workspaces', name];
  return {
    /** CONFLICT where the name is taken. */
    create: async (name: string, options: RequestOptions = {}): Promise<Workspace> =>
      requests.json('POST', ['workspaces'], {
        ...plain(options),
        json: { name },
      }),

    list: (options: RequestOptions = {}): Promise<Workspace[]> =>
      requests.json('GET', ['workspaces'], options),

    get: (name: string, options: RequestOptions = {}): Promise<Workspace> =>
      requests.json('GET', one(name), options),

    /** With every file and session in it. */
    delete: async (name: string, options: RequestOptions = {}): Promise<void> =>
      requests.done('DELETE', one(name), { ...plain(options), refusedOnceDone: 'NOT_FOUND' }),

    stats: (name: string, options: RequestOptions = {}): Promise<WorkspaceStats> =>
      requests.json('GET', [...one(name), 'stats'], options),
  };
};
