import type { ListUsersQuery, Organization, User, UserPage } from '@sluice/contract';
import { allRows } from '../all-rows.ts';
import type { RequestOptions, Requests } from '../http/request.ts';
import { plain } from '../options.ts';

export type Users = ReturnType<typeof userMethods>;

export const userMethods = (requests: Requests) => {
  const list = async (query: ListUsersQuery = {}, options: RequestOptions = {}): Promise<UserPage> =>
    requests.json('GET', ['users'], { ...plain(options), query });

  return {
    /** Whom the key belongs to. */
    me: (options: RequestOptions = {}): Promise<User> => requests.json('GET', ['me'], options),

    get: (userId: string, options: RequestOptions = {}): Promise<User> =>
      requests.json('GET', ['users', userId], options),

    /** Those that the key sees, the newest first; deleted ones, and those of the role EXTERNAL, if they are asked for. */
    list,
    listAll: (
      query: Pick<ListUsersQuery, 'include_deleted' | 'include_external'> = {},
      options: RequestOptions = {},
    ): AsyncGenerator<User> =>
      allRows((page_number) => list({ limit: 100, ...plain(query, 'query'), page_number }, options)),

    organization: (options: RequestOptions = {}): Promise<Organization> =>
      requests.json('GET', ['organization'], options),
  };
};
