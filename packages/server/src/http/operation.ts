import Type from 'typebox';
import { DomainError } from '../domain/errors.ts';
import type { Metrics } from './metrics.ts';
import type { App } from './typed-fastify.ts';

/** Whether the process wants requests, and whether it can do its work; `check` throws where it cannot. */
export type Health = { state: () => 'starting' | 'ready' | 'stopping'; check: () => Promise<void> };

const Status = Type.Object(
  { status: Type.String(), reason: Type.Optional(Type.String()) },
  { additionalProperties: true },
);

const schemaOf = (summary: string) => ({
  tags: ['Operation'],
  summary,
  security: [],
  response: { 200: Status, 503: Status },
});

/** For load balancers, supervisors and Prometheus. */
export const operationRoutes = (
  app: App,
  { health, metrics }: { health: Health; metrics: Metrics },
): void => {
  const config = { permission: 'public' } as const;

  app.get(
    '/health',
    { config, schema: schemaOf('Whether the server can do its work, and if not, why') },
    async (request, reply) => {
      try {
        await health.check();
        return { status: 'ok' };
      } catch (error) {
        request.log.error({ err: error }, 'unhealthy');
        const reason = error instanceof DomainError ? error.message : 'The server cannot do its work now.';
        return reply.code(503).send({ status: 'unavailable', reason });
      }
    },
  );

  app.get(
    '/live',
    { config, schema: schemaOf('200 as long as the process answers, whatever it waits for') },
    async () => ({ status: 'alive' }),
  );

  app.get(
    '/ready',
    { config, schema: schemaOf('Whether the process wants requests: it has started and does not stop') },
    async (_request, reply) => {
      const status = health.state();
      return reply.code(status === 'ready' ? 200 : 503).send({ status });
    },
  );

  app.get('/metrics', { config: { permission: 'local' }, schema: { hide: true } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
};
