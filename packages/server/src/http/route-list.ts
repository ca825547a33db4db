import type { FastifyInstance, RouteOptions } from 'fastify';
import type { RoutePermission } from './authentication.ts';

export type ListedRoute = { method: string; url: string; permission: RoutePermission | undefined };

/** Every route as it is registered: for the answer 405, and for whoever checks that each has its permission. */
export const rememberRoutes = (app: FastifyInstance) => {
  const registered: RouteOptions[] = [];
  /** Made at the first use, when all routes are there. */
  let patterns: { pattern: RegExp; methods: string[] }[] | undefined;
  app.addHook('onRoute', (route) => {
    registered.push(route);
  });
  // Read when asked: hooks further in may still add to a route.
  const all = (): ListedRoute[] =>
    registered.flatMap(({ method, url, config }) =>
      [method].flat().map((one) => ({ method: one, url, permission: config?.permission })),
    );
  return {
    all,
    /** Methods that a path takes; none for a path that is no route. */
    methodsOf: (url: string): string[] => {
      const path = plainPath(url);
      patterns ??= registered.map((route) => ({
        pattern: patternOf(route.url),
        methods: [route.method].flat(),
      }));
      return [
        ...new Set(patterns.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods)),
      ];
    },
  };
};

/** Without query, and without escapes of what needs none; an escaped slash is part of a name. */
export const plainPath = (url: string): string =>
  (url.split('?', 1)[0] as string).replace(/%(?!2f)[2-7][\da-f]/gi, (needless) =>
    String.fromCharCode(Number.parseInt(needless.slice(1), 16)),
  );

/** The bare `*` matches everything and would turn each 404 into a 405. */
const patternOf = (url: string): RegExp => {
  if (url === '*') return /^(?!)/;
  const literal = url.replace(/[.\\+?^${}()|[\]]/g, '\\$&');
  return new RegExp(`^${literal.replace(/:[a-z_]+/g, '[^/]+').replace('*', '.+')}$`);
};
