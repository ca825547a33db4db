import type { FastifyRequest } from 'fastify';
import type { Metrics } from './metrics.ts';
import type { App } from './typed-fastify.ts';

/** Whether the process wants requests, and whether it can do its work; `check` throws where it cannot. */
export type Health = { state: () => 'starting' | 'ready' | 'stopping'; check: () => Promise<void> };

/** Who may read metrics: who has the key of the operator, everybody, nobody. */
export type MetricsAccess = 'key' | 'open' | 'off';

/** For load balancers, supervisors and Prometheus. */
export const operationRoutes = (
  app: App,
  { health, metrics, metricsAccess }: { health: Health; metrics: Metrics; metricsAccess: MetricsAccess },
): void => {
  const hide = true;

  app.get('/health', { config: { permission: 'public' }, schema: { hide } }, async (request, reply) => {
    try {
      await health.check();
      return { status: 'ok' };
    } catch (error) {
      request.log.error({ err: error }, 'unhealthy');
      return reply.code(503).send({ status: 'unavailable' });
    }
  });

  app.get('/ready', { config: { permission: 'public' }, schema: { hide } }, async (_request, reply) => {
    const status = health.state();
    return reply.code(status === 'ready' ? 200 : 503).send({ status });
  });

  if (metricsAccess === 'off') return;
  const permission = metricsAccess === 'open' ? 'public' : 'metrics';
  app.get('/metrics', { config: { permission }, schema: { hide } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
};

/** Paths that no page of another origin may read: one in the browser of whoever runs the server would see how it is. */
const PATHS: ReadonlySet<string> = new Set(['/health', '/live', '/ready', '/metrics']);

export const isOperation = ({ routeOptions, url }: FastifyRequest): boolean =>
  PATHS.has(routeOptions.url ?? '') || PATHS.has(url.split('?', 1)[0] ?? '');
