import type { Metrics } from './metrics.ts';
import type { App } from './typed-fastify.ts';

/** Whether the process is up and whether it wants requests. */
export type Health = { ready: () => boolean; check: () => Promise<void> };

/** For load balancers, supervisors and Prometheus. */
export const operationRoutes = (
  app: App,
  { health, metrics }: { health: Health; metrics: Metrics },
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

  app.get('/ready', { config: { permission: 'public' }, schema: { hide } }, async (_request, reply) =>
    health.ready() ? { status: 'ready' } : reply.code(503).send({ status: 'stopping' }),
  );

  app.get('/metrics', { config: { permission: 'local' }, schema: { hide } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
};
