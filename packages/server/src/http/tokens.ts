import { CreatedToken, CreateToken, ListTokensQuery, TokenPage, Uuid } from '@sluice/contract';
import Type from 'typebox';
import { formatInstant, parseInstant } from '../domain/instant.ts';
import type { Tokens, TokenView } from '../service/tokens.ts';
import { answers } from './answers.ts';
import { principalOf } from './authentication.ts';
import { BODY_BYTES } from './body-limits.ts';
import { pageRequest, wireRows } from './lists.ts';
import type { App } from './typed-fastify.ts';

const BASE = '/api/v1/token';
const tags = ['API keys'];

export const tokenRoutes = (app: App, { tokens }: { tokens: Tokens }): void => {
  app.post(
    BASE,
    {
      bodyLimit: BODY_BYTES.medium,
      config: { permission: 'write' },
      schema: { tags, summary: 'Create an API key', body: CreateToken, response: answers(200, CreatedToken) },
    },
    async (request) => {
      const { body } = request;
      const expiresAt =
        body.expires === false || !body.expires_at ? undefined : parseInstant(body.expires_at);
      const { key, token } = await tokens.create(principalOf(request), {
        name: body.name ?? null,
        expiresAt: expiresAt ?? null,
        personal: body.personal ?? true,
        role: body.organization_role ?? 'MEMBER',
        workspaces: body.workspaces ?? null,
      });
      return { api_token: key, api_token_id: token.id };
    },
  );

  app.get(
    BASE,
    {
      config: { permission: 'read' },
      schema: {
        tags,
        summary: 'List API keys',
        querystring: ListTokensQuery,
        response: answers(200, TokenPage),
      },
    },
    async (request) =>
      wireRows(await tokens.list(principalOf(request), pageRequest(request.query)), wireToken),
  );

  app.delete(
    `${BASE}/:api_token_id`,
    {
      config: { permission: 'write' },
      schema: {
        tags,
        summary: 'Delete an API key',
        description: 'The key stops working at once.',
        params: Type.Object({ api_token_id: Uuid() }),
        response: answers(200, Type.Object({}), [404]),
      },
    },
    async (request) => {
      await tokens.delete(principalOf(request), request.params.api_token_id);
      return {};
    },
  );
};

const wireToken = (token: TokenView) => ({
  api_token_id: token.id,
  name: token.name,
  created_at: formatInstant(token.createdAt),
  expires_at: token.expiresAt === null ? null : formatInstant(token.expiresAt),
  organization_role: token.role,
  workspaces: token.workspaceNames,
  user: { user_id: token.user.id, given_name: token.user.givenName, family_name: token.user.familyName },
});
