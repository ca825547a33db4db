import type { FastifyInstance, FastifyRequest } from 'fastify';
import { may, type Permission } from '../domain/access.ts';
import type { Principal } from '../domain/account.ts';
import { DomainError } from '../domain/errors.ts';
import type { Authenticate } from '../service/authentication.ts';

/** What a route asks of its caller. `public` asks nothing, `local` a caller on this machine or an administrator. */
export type RoutePermission = Permission | 'public' | 'local';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A route without one is refused to everybody. */
    permission?: RoutePermission;
  }
}

const principals = new WeakMap<FastifyRequest, Principal>();

/** Who the request speaks for; only for routes that ask for a permission. */
export const principalOf = (request: FastifyRequest): Principal => {
  const principal = principals.get(request);
  if (!principal) throw new DomainError('NOT_AUTHENTICATED', 'Not authenticated');
  return principal;
};

/** Checks the key and what it permits before a byte of the body is read. */
export const authenticateRequests = (app: FastifyInstance, authenticate: Authenticate): void => {
  app.addHook('onRequest', async (request) => {
    if (request.is404) return;
    const permission = request.routeOptions.config.permission;
    if (permission === 'public' || (permission === 'local' && isLocal(request))) return;
    const key = bearerKey(request.headers.authorization);
    if (key === undefined) throw new DomainError('NOT_AUTHENTICATED', 'Not authenticated');
    const principal = await authenticate(key);
    if (!principal) throw new DomainError('NOT_AUTHENTICATED', 'The API key is not valid');
    const needed = permission === 'local' ? 'administer' : permission;
    if (needed === undefined || !may(principal, needed)) {
      throw new DomainError('FORBIDDEN', 'The API key does not permit this');
    }
    principals.set(request, principal);
  });
};

/** RFC 6750, 2.1; the scheme in any letter case (RFC 9110, 11.1). */
const bearerKey = (header: string | undefined): string | undefined =>
  /^bearer +(\S+)$/i.exec(header?.trim() ?? '')?.[1];

/** From this machine and not passed on by a proxy on it. */
const isLocal = ({ socket, headers }: FastifyRequest): boolean =>
  /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(socket.remoteAddress ?? '') &&
  headers['x-forwarded-for'] === undefined &&
  headers.forwarded === undefined;
