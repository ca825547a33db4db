import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Asked, may, wantedFor } from '../domain/accounts/access.ts';
import type { Principal } from '../domain/accounts/account.ts';
import { DomainError } from '../domain/errors.ts';
import type { Workspace } from '../domain/workspace.ts';
import type { Authenticate } from '../service/accounts/authentication.ts';
import type { Workspaces } from '../service/workspaces.ts';

/** What a route asks of its caller; `public` asks nothing. */
export type RoutePermission = Asked | 'public';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A route without one is refused to everybody. */
    permission?: RoutePermission;
  }
}

const principals = new WeakMap<FastifyRequest, Principal>();
const reached = new WeakMap<FastifyRequest, Workspace>();

/** Who the request speaks for; only for routes that ask for a permission. */
export const principalOf = (request: FastifyRequest): Principal => {
  const principal = principals.get(request);
  if (!principal) throw new DomainError('NOT_AUTHENTICATED', 'Not authenticated');
  return principal;
};

/** The workspace that the path names, which the key reaches; only for routes below `/workspaces/:workspace_name`. */
export const workspaceOf = (request: FastifyRequest): Workspace => {
  const workspace = reached.get(request);
  if (!workspace) throw new Error(`${request.routeOptions.url} names no workspace`);
  return workspace;
};

/** Checks the key, what it permits and what it reaches, before a byte of the body is read. */
export const authenticateRequests = (
  app: FastifyInstance,
  {
    authenticate,
    authenticateForMetrics,
    workspaces,
  }: {
    authenticate: Authenticate;
    authenticateForMetrics: Authenticate;
    workspaces: Pick<Workspaces, 'find'>;
  },
): void => {
  app.addHook('onRequest', async (request) => {
    if (request.is404) return;
    const { permission } = request.routeOptions.config;
    if (permission === 'public') return;
    const key = bearerKey(request.headers.authorization);
    if (key === undefined) throw new DomainError('NOT_AUTHENTICATED', 'Not authenticated');
    const principal = await (permission === 'metrics' ? authenticateForMetrics : authenticate)(key);
    if (!principal) throw new DomainError('NOT_AUTHENTICATED', 'The API key is not valid');
    if (permission === undefined) throw new DomainError('FORBIDDEN', 'No API key permits this');
    if (!may(principal, permission)) {
      const wanted = wantedFor(permission);
      throw new DomainError('FORBIDDEN', `The API key does not permit this, which takes ${wanted}`);
    }
    principals.set(request, principal);
    const { workspace_name: name } = request.params as { workspace_name?: string };
    if (name !== undefined) reached.set(request, await workspaces.find(principal, name));
  });
};

/** RFC 6750, 2.1; the scheme in any letter case (RFC 9110, 11.1). */
const bearerKey = (header: string | undefined): string | undefined =>
  /^bearer +(\S+)$/i.exec(header?.trim() ?? '')?.[1];
