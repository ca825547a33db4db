import { seesUser, seesUsers } from '../../domain/accounts/access.ts';
import type { Principal, User } from '../../domain/accounts/account.ts';
import { notFound } from '../../domain/errors.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { UserSearch } from '../ports/accounts.ts';
import type { PageRequest, Rows } from '../ports/paging.ts';
import type { Store } from '../ports/store.ts';
import type { Workspaces } from '../workspaces.ts';

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

  /** Those that the principal sees. */
  list: async (
    principal: Principal,
    search: PageRequest & Omit<UserSearch, 'id'>,
  ): Promise<Rows<UserView>> => {
    const only = seesUsers(principal) ? {} : { id: principal.user.id };
    const found = await store.read.accounts.listUsers(principal.organization.id, { ...search, ...only });
    const shared = await workspaces.list(principal);
    return { ...found, rows: found.rows.map((user) => ({ user, workspaces: shared })) };
  },
});
