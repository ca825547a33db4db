import { reaches } from '../domain/access.ts';
import type { Principal, User } from '../domain/account.ts';
import { notFound } from '../domain/errors.ts';
import type { Workspace } from '../domain/workspace.ts';
import type { Store } from './ports.ts';

/** A user as the principal sees it: with the workspaces both share. */
export type UserView = { user: User; workspaces: Workspace[] };

export type Users = ReturnType<typeof createUsers>;

export const createUsers = ({ store }: { store: Store }) => ({
  get: async (principal: Principal, id: string): Promise<UserView> => {
    const user = await store.read.accounts.user(principal.organization.id, id);
    if (!user) throw notFound('User');
    const all = await store.read.workspaces.all(principal.organization.id);
    return { user, workspaces: all.filter((workspace) => reaches(principal, workspace)) };
  },
});
