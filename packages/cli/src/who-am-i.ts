import { ApiError, type Client } from '@sluice/client/node';

export type Me = { name: string; organization: string };

/**
 * Whose key it is.
 * @throws ApiError NOT_THE_API where something answers that is not this API, in JSON or not
 */
export const whoAmI = async ({ users }: Pick<Client, 'users'>, signal: AbortSignal): Promise<Me> => {
  const me: Partial<Awaited<ReturnType<Client['users']['me']>>> | null = await users.me({ signal });
  const organization = me?.organization?.name;
  if (typeof organization !== 'string') {
    throw new ApiError({
      status: 200,
      detail: "The answer is JSON, but not the API's: it names no organization",
    });
  }
  const name = `${me?.given_name ?? ''} ${me?.family_name ?? ''}`.trim() || (me?.email ?? '');
  return { name, organization };
};
