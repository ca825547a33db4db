import type { FailingKind } from '../service/failing-work.ts';
import type { Metrics } from './metrics.ts';
import type { App } from './typed-fastify.ts';

/** Whether the process wants requests, and whether it can do its work. */
export type Health = {
  state: () => 'starting' | 'ready' | 'stopping';
  /** Throws where the process cannot do its work. */
  check: () => Promise<void>;
  /** Kinds of job that come to nothing here. */
  failing: () => FailingKind[];
  /** Whether jobs are all that the process is for. One that answers requests as well must not lose them for a job. */
  worksOnly: boolean;
};

/** For load balancers, supervisors and Prometheus. */
export const operationRoutes = (
  app: App,
  { health, metrics }: { health: Health; metrics: Metrics },
): void => {
  const hide = true;

  app.get('/health', { config: { permission: 'public' }, schema: { hide } }, async (request, reply) => {
    try {
      await health.check();
    } catch (error) {
      request.log.error({ err: error }, 'unhealthy');
      return reply.code(503).send({ status: 'unavailable' });
    }
    const failing = health.failing();
    if (failing.length === 0) return { status: 'ok' };
    // What has no known cause may be the fault of one session: no reason to call the process unfit.
    const isUnfit = health.worksOnly && failing.some(({ cause }) => cause !== 'other');
    return reply.code(isUnfit ? 503 : 200).send({ status: isUnfit ? 'failing' : 'degraded', failing });
  });

  app.get('/ready', { config: { permission: 'public' }, schema: { hide } }, async (_request, reply) => {
    const status = health.state();
    return reply.code(status === 'ready' ? 200 : 503).send({ status });
  });

  app.get('/metrics', { config: { permission: 'local' }, schema: { hide } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
};
