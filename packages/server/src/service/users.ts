import { seesUser } from '../domain/access.ts';
import type { Principal, User } from '../domain/account.ts';
import { notFound } from '../domain/errors.ts';
import type { Workspace } from '../domain/workspace.ts';
import type { Store } from './ports.ts';
import type { Workspaces } from './workspaces.ts';

/** A user as the principal sees it: with the workspaces both share. */
export type UserView = { user: User; workspaces: Workspace[] };

export type Users = ReturnType<typeof createUsers>;

export const createUsers = ({
  store,
  workspaces,
}: {
  store: Store;
  workspaces: Pick<Workspaces, 'list'>;
}) => ({
  /** @throws NOT_FOUND, also for one that the principal does not see */
  get: async (principal: Principal, id: string): Promise<UserView> => {
    if (!seesUser(principal, id)) throw notFound('User');
    const user = await store.read.accounts.user(principal.organization.id, id);
    if (!user) throw notFound('User');
    return { user, workspaces: await workspaces.list(principal) };
  },
});
