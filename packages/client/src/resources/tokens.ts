import type { CreatedToken, CreateToken, ListTokensQuery, Token, TokenPage } from '@sluice/contract';
import { allRows } from '../all-rows.ts';
import type { RequestOptions, Requests } from '../request.ts';

export type Tokens = ReturnType<typeof tokenMethods>;

/** API keys. */
export const tokenMethods = (requests: Requests) => {
  const list = (query: ListTokensQuery = {}, options: RequestOptions = {}): Promise<TokenPage> =>
    requests.json('GET', '/token', { ...options, query });

  return {
    /** The reply is the only time the key is shown. */
    create: (token: CreateToken = {}, options: RequestOptions = {}): Promise<CreatedToken> =>
      requests.json('POST', '/token', { ...options, json: token }),

    list,
    listAll: (options: RequestOptions = {}): AsyncGenerator<Token> =>
      allRows((page_number) => list({ limit: 100, page_number }, options)),

    /**
     * The key stops working at once. Those that were made with it stay, unless `withChildren`: then all that descend from
     * it go too.
     */
    delete: (
      tokenId: string,
      { withChildren, ...options }: RequestOptions & { withChildren?: boolean | undefined } = {},
    ): Promise<void> =>
      requests.done('DELETE', `/token/${encodeURIComponent(tokenId)}`, {
        ...options,
        query: { with_children: withChildren },
      }),
  };
};
