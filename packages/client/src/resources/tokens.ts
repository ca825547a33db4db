import type { CreatedToken, CreateToken, ListTokensQuery, Token, TokenPage } from '@sluice/contract';
import { allRows } from '../all-rows.ts';
import { ArgumentError, needText, needTexts, refuseUnset, shown } from '../argument-error.ts';
import type { RequestOptions, Requests } from '../http/request.ts';
import { plain } from '../options.ts';

export type Tokens = ReturnType<typeof tokenMethods>;

/** API keys. */
export const tokenMethods = (requests: Requests) => {
  const list = async (query: ListTokensQuery = {}, options: RequestOptions = {}): Promise<TokenPage> =>
    requests.json('GET', ['token'], { ...plain(options), query });

  return {
    /**
     * The reply is the only time the key is shown. What limits it (`workspaces`, `permissions`, `expires_at`) is left out
     * or said, and never empty: `{}` makes a key that may do what a MEMBER may, within what the caller's key may.
     */
    create: async (token: CreateToken, options: RequestOptions = {}): Promise<CreatedToken> => {
      refuseWider(token);
      return requests.json('POST', ['token'], { ...plain(options), json: token });
    },

    list,
    listAll: (options: RequestOptions = {}): AsyncGenerator<Token> =>
      allRows((page_number) => list({ limit: 100, page_number }, options)),

    /**
     * The key stops working at once. Those that were made with it stay, unless `withChildren`: then all that descend from
     * it go too.
     */
    delete: async (
      tokenId: string,
      options: RequestOptions & { withChildren?: boolean | undefined } = {},
    ): Promise<void> => {
      const { withChildren, ...rest } = plain(options);
      return requests.done('DELETE', ['token', tokenId], {
        ...rest,
        refusedOnceDone: 'NOT_FOUND',
        query: { with_children: withChildren },
      });
    },
  };
};

/** A limit that is there and limits nothing makes a key that can do more than was meant. */
const refuseWider = (token: CreateToken): void => {
  if (typeof token !== 'object' || token === null || Array.isArray(token)) {
    throw new ArgumentError(`What the key may do must be an object, {} at least; it is ${shown(token)}.`);
  }
  refuseUnset(token, ['workspaces', 'permissions', 'expires', 'expires_at', 'organization_role', 'personal']);
  if (token.expires_at !== undefined) needText(token.expires_at, 'expires_at of the key');
  for (const name of ['workspaces', 'permissions'] as const) {
    if (token[name] === undefined) continue;
    if (needTexts(token[name], `${name} of the key`).length > 0) continue;
    throw new ArgumentError(
      `The ${name} of the key are an empty list. Leave it out for a key without that limit.`,
    );
  }
};
