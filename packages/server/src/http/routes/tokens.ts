import {
  CreatedToken,
  CreateToken,
  DeletedTokens,
  DeleteTokenQuery,
  ListTokensQuery,
  TokenPage,
  Uuid,
} from '@sluice/contract';
import Type from 'typebox';
import { permissionsOf } from '../../domain/accounts/access.ts';
import { formatInstant, type Instant, parseInstant } from '../../domain/instant.ts';
import type { Tokens, TokenView } from '../../service/accounts/tokens.ts';
import { answers } from '../answers.ts';
import { principalOf } from '../authentication.ts';
import { BODY_BYTES } from '../body-limits.ts';
import { pageRequest } from '../lists.ts';
import { sendPage } from '../send-rows.ts';
import type { App } from '../typed-fastify.ts';

const BASE = '/api/v1/token';
const tags = ['API keys'];

export const tokenRoutes = (app: App, { tokens }: { tokens: Tokens }): void => {
  app.post(
    BASE,
    {
      bodyLimit: BODY_BYTES.medium,
      config: { permission: 'keys:write' },
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
        permissions: body.permissions ?? null,
        workspaces: body.workspaces ?? null,
      });
      return {
        api_token: key,
        api_token_id: token.id,
        expires_at: wireExpiry(token.expiresAt),
        permissions: permissionsOf(token),
      };
    },
  );

  app.get(
    BASE,
    {
      config: { permission: 'keys:read' },
      schema: {
        tags,
        summary: 'List API keys',
        querystring: ListTokensQuery,
        response: answers(200, TokenPage),
      },
    },
    async (request, reply) =>
      sendPage(reply, await tokens.list(principalOf(request), pageRequest(request.query)), wireToken),
  );

  app.delete(
    `${BASE}/:api_token_id`,
    {
      config: { permission: 'keys:write' },
      schema: {
        tags,
        summary: 'Delete an API key',
        description:
          'It stops working at once. Those that were made with it stay, unless with_children is true.',
        params: Type.Object({ api_token_id: Uuid() }),
        querystring: DeleteTokenQuery,
        response: answers(200, DeletedTokens, [404]),
      },
    },
    async (request) => {
      const { params, query } = request;
      const withChildren = query.with_children === true;
      return {
        deleted_count: await tokens.delete(principalOf(request), params.api_token_id, withChildren),
      };
    },
  );
};

const wireExpiry = (expiresAt: Instant | null) => (expiresAt === null ? null : formatInstant(expiresAt));

const wireToken = (token: TokenView) => ({
  api_token_id: token.id,
  name: token.name,
  created_at: formatInstant(token.createdAt),
  expires_at: wireExpiry(token.expiresAt),
  organization_role: token.role,
  permissions: permissionsOf(token),
  workspaces: token.workspaceNames,
  created_by_token_id: token.createdByTokenId,
  user: { user_id: token.user.id, given_name: token.user.givenName, family_name: token.user.familyName },
});
