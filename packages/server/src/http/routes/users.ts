import { ListUsersQuery, Organization, UserPage, Uuid, User as WireUser } from '@sluice/contract';
import Type from 'typebox';
import type { Principal } from '../../domain/accounts/account.ts';
import type { Users, UserView } from '../../service/accounts/users.ts';
import { answers } from '../answers.ts';
import { principalOf } from '../authentication.ts';
import { pageRequest } from '../lists.ts';
import { sendPage } from '../send-rows.ts';
import type { App } from '../typed-fastify.ts';

const tags = ['Users'];

export const userRoutes = (app: App, { users }: { users: Users }): void => {
  app.get(
    '/api/v1/me',
    {
      config: { permission: 'any' },
      schema: { tags, summary: 'Whom the key belongs to', response: answers(200, WireUser) },
    },
    async (request) => {
      const principal = principalOf(request);
      return wireUser(principal, await users.get(principal, principal.user.id));
    },
  );

  app.get(
    '/api/v1/users',
    {
      config: { permission: 'any' },
      schema: {
        tags,
        summary: 'List users, the newest first',
        description: 'A key that is limited to workspaces, or to uploads, sees its own user only.',
        querystring: ListUsersQuery,
        response: answers(200, UserPage),
      },
    },
    async (request, reply) => {
      const { query } = request;
      const principal = principalOf(request);
      const found = await users.list(principal, {
        ...pageRequest(query),
        includeDeleted: query.include_deleted === true,
        includeExternal: query.include_external === true,
      });
      return sendPage(reply, found, (row) => wireUser(principal, row));
    },
  );

  app.get(
    '/api/v1/users/:user_id',
    {
      config: { permission: 'any' },
      schema: {
        tags,
        summary: 'One user',
        params: Type.Object({ user_id: Uuid() }),
        response: answers(200, WireUser, [404]),
      },
    },
    async (request) => {
      const principal = principalOf(request);
      return wireUser(principal, await users.get(principal, request.params.user_id));
    },
  );

  app.get(
    '/api/v1/organization',
    {
      config: { permission: 'any' },
      schema: { tags, summary: 'The organization of the key', response: answers(200, Organization) },
    },
    async (request) => {
      const { organization } = principalOf(request);
      return { organization_id: organization.id, name: organization.name };
    },
  );
};

const wireUser = ({ organization }: Principal, { user, workspaces }: UserView) => ({
  user_id: user.id,
  given_name: user.givenName,
  family_name: user.familyName,
  email: user.email,
  deleted: user.deleted,
  oauth_provider: 'sluice',
  organization: {
    organization_id: organization.id,
    name: organization.name,
    role: user.role,
    pricing_plan: organization.pricingPlan,
    workspaces: workspaces.map((workspace) => ({ name: workspace.name, role: user.role })),
  },
});
