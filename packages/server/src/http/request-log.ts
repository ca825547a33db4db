import type { FastifyReply, FastifyRequest } from 'fastify';
import { TOKEN_PREFIX } from '../domain/accounts/tokens.ts';
import { parseQueryString } from './validation/query-string.ts';

/**
 * What a line of the log says of a request: its route, the names and ids in its path, and which parameters it gave. Never
 * what was asked for in them, and nothing of a path that is no route: a filter is the client's affair, and keys have been
 * sent as either.
 */
export const loggedRequest = (request: FastifyRequest) => {
  const { method, routeOptions, url } = request;
  const route = routeOptions?.url;
  if (route === undefined || route === '*') return { method, path: null };
  const known = (routeOptions.schema?.querystring as { properties?: object } | undefined)?.properties ?? {};
  // Of what was sent: the request has the defaults by now.
  const sent = url.includes('?') ? parseQueryString(url.slice(url.indexOf('?') + 1)) : {};
  const names = Object.keys(sent).filter((name) => Object.hasOwn(known, name));
  return { method, path: pathOf(route, request), ...(names.length > 0 ? { query: names } : {}) };
};

const pathOf = (route: string, { params }: FastifyRequest): string =>
  route.replace(/:([a-z_]+)/g, (_, name: string) => {
    const value = (params as Record<string, unknown> | undefined)?.[name];
    const isShown = typeof value === 'string' && (name === 'workspace_name' ? isName(value) : isUuid(value));
    return isShown ? encodeURIComponent(value.toWellFormed()) : '…';
  });

const LONGEST = 255;

const isName = (value: string): boolean => value.length <= LONGEST && !value.includes(TOKEN_PREFIX);

/** What is no id where one belongs may be a key, of any shape. */
const isUuid = (value: string): boolean => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value);

/**
 * The line that each answer makes. What supervisors and pages ask all day long is of interest only when something is
 * wrong, which a server that says it is not ready is not.
 */
export const logAnswer = (
  request: FastifyRequest,
  { statusCode: status, elapsedTime }: FastifyReply,
): void => {
  const asked = request.url.startsWith('/api/') ? 'info' : 'debug';
  const level = status >= 500 && request.routeOptions.url !== '/ready' ? 'error' : asked;
  const milliseconds = Math.round(elapsedTime);
  request.log[level]({ ...loggedRequest(request), status, milliseconds }, 'request');
};
