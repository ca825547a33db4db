import type { FastifyInstance, RouteOptions } from 'fastify';
import type { RoutePermission } from './authentication.ts';

export type ListedRoute = { method: string; url: string; permission: RoutePermission | undefined };

/** Every route as it is registered: for the answer 405, and for whoever checks that each has its permission. */
export const rememberRoutes = (app: FastifyInstance) => {
  const registered: RouteOptions[] = [];
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
      const path = url.split('?', 1)[0] as string;
      const taking = all().filter((route) => patternOf(route.url).test(path));
      return [...new Set(taking.map((route) => route.method))];
    },
  };
};

/** `*` matches everything and would turn each 404 into a 405. */
const patternOf = (url: string): RegExp => {
  if (url.includes('*')) return /^(?!)/;
  return new RegExp(`^${url.replace(/[.\\+?^${}()|[\]]/g, '\\$&').replace(/:[a-z_]+/g, '[^/]+')}$`);
};
