import { DomainError } from '../domain/errors.ts';
import type { Metrics } from './metrics.ts';
import type { App } from './typed-fastify.ts';

/** Whether the process wants requests, and whether it can do its work; `check` throws where it cannot. */
export type Health = { state: () => 'starting' | 'ready' | 'stopping'; check: () => Promise<void> };

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
      const reason = error instanceof DomainError ? error.message : 'The server cannot do its work now.';
      return reply.code(503).send({ status: 'unavailable', reason });
    }
  });

  app.get('/live', { config: { permission: 'public' }, schema: { hide } }, async () => ({ status: 'alive' }));

  app.get('/ready', { config: { permission: 'public' }, schema: { hide } }, async (_request, reply) => {
    const status = health.state();
    return reply.code(status === 'ready' ? 200 : 503).send({ status });
  });

  app.get('/metrics', { config: { permission: 'local' }, schema: { hide } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
};
