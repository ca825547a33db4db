import { CreateWorkspace, Workspace as WireWorkspace, WorkspaceStats } from '@sluice/contract';
import Type from 'typebox';
import { may } from '../../domain/accounts/access.ts';
import type { Principal } from '../../domain/accounts/account.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Workspaces } from '../../service/workspaces.ts';
import { answers, NoContent } from '../answers.ts';
import { principalOf, workspaceOf } from '../authentication.ts';
import { WorkspaceParams } from '../lists.ts';
import { sendRows } from '../send-rows.ts';
import type { App } from '../typed-fastify.ts';

const BASE = '/api/v1/workspaces';
const tags = ['Workspaces'];

export const workspaceRoutes = (app: App, { workspaces }: { workspaces: Workspaces }): void => {
  const wire = async (principal: Principal, workspace: Workspace) => ({
    workspace_id: workspace.id,
    name: workspace.name,
    languages: {},
    default_idle_timeout_in_seconds: 0,
    // They tell what files hold.
    metadata_fields: may(principal, 'files:read')
      ? Object.fromEntries(await workspaces.metadataFields(workspace))
      : {},
  });

  app.post(
    BASE,
    {
      config: { permission: 'workspaces:create' },
      schema: {
        tags,
        summary: 'Create a workspace',
        body: CreateWorkspace,
        response: answers(201, WireWorkspace, [400, 406, 409]),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const workspace = await workspaces.create(principal, request.body.name);
      return reply.code(201).send(await wire(principal, workspace));
    },
  );

  app.get(
    BASE,
    {
      config: { permission: 'any' },
      schema: { tags, summary: 'List workspaces', response: answers(200, Type.Array(WireWorkspace)) },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      return sendRows(reply, await workspaces.list(principal), (workspace) => wire(principal, workspace));
    },
  );

  app.get(
    `${BASE}/:workspace_name`,
    {
      config: { permission: 'any' },
      schema: {
        tags,
        summary: 'One workspace',
        params: WorkspaceParams,
        response: answers(200, WireWorkspace, [404]),
      },
    },
    async (request) => wire(principalOf(request), workspaceOf(request)),
  );

  app.delete(
    `${BASE}/:workspace_name`,
    {
      config: { permission: 'workspaces:delete' },
      schema: {
        tags,
        summary: 'Delete a workspace with everything in it',
        params: WorkspaceParams,
        response: answers(204, NoContent, [404]),
      },
    },
    async (request, reply) => {
      await workspaces.delete(workspaceOf(request));
      return reply.code(204).send(null);
    },
  );

  app.get(
    `${BASE}/:workspace_name/stats`,
    {
      config: { permission: 'files:read' },
      schema: {
        tags,
        summary: 'Numbers of a workspace',
        params: WorkspaceParams,
        response: answers(200, WorkspaceStats, [404]),
      },
    },
    async (request) => {
      const workspace = workspaceOf(request);
      return {
        file_count: workspace.fileCount,
        document_count: 0,
        search_request_count: 0,
        average_response_time: 0,
      };
    },
  );
};
