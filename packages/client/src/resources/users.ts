import type { Organization, User } from '@sluice/contract';
import type { RequestOptions, Requests } from '../request.ts';

export type Users = ReturnType<typeof userMethods>;

export const userMethods = (requests: Requests) => ({
  /** Whom the key belongs to. */
  me: (options: RequestOptions = {}): Promise<User> => requests.json('GET', ['me'], options),

  get: (userId: string, options: RequestOptions = {}): Promise<User> =>
    requests.json('GET', ['users', userId], options),

  organization: (options: RequestOptions = {}): Promise<Organization> =>
    requests.json('GET', ['organization'], options),
});
