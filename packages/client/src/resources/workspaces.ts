import type { Workspace, WorkspaceStats } from '@sluice/contract';
import type { RequestOptions, Requests } from '../http/request.ts';

export type Workspaces = ReturnType<typeof workspaceMethods>;

/** Workspaces are addressed by name. */
export const workspaceMethods = (requests: Requests) => {
  const one = (name: string) => ['workspaces', name];
  return {
    /** CONFLICT where the name is taken. */
    create: (name: string, options: RequestOptions = {}): Promise<Workspace> =>
      requests.json('POST', ['workspaces'], { ...options, json: { name } }),

    list: (options: RequestOptions = {}): Promise<Workspace[]> =>
      requests.json('GET', ['workspaces'], options),

    get: (name: string, options: RequestOptions = {}): Promise<Workspace> =>
      requests.json('GET', one(name), options),

    /** With every file and session in it. */
    delete: (name: string, options: RequestOptions = {}): Promise<void> =>
      requests.done('DELETE', one(name), { ...options, refusedOnceDone: 'NOT_FOUND' }),

    stats: (name: string, options: RequestOptions = {}): Promise<WorkspaceStats> =>
      requests.json('GET', [...one(name), 'stats'], options),
  };
};
