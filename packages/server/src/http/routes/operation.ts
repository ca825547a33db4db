import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { DomainError } from '../../domain/errors.ts';
import type { FailingKind } from '../../service/failing-work.ts';
import { plainPath } from '../route-list.ts';
import type { App } from '../typed-fastify.ts';
import type { Metrics } from './metrics.ts';

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

const Status = Type.Object({
  status: Type.String(),
  reason: Type.Optional(Type.String()),
  failing: Type.Optional(
    Type.Array(
      Type.Object({
        kind: Type.String(),
        cause: Type.String(),
        seconds: Type.Integer({ description: 'Since its first failure after its last success.' }),
      }),
      { description: 'Kinds of job that come to nothing in this process.' },
    ),
  ),
});

const schemaOf = (summary: string) => ({
  tags: ['Operation'],
  summary,
  security: [],
  response: { 200: Status, 503: Status },
});

/** Who may read metrics: who has the key of the operator, everybody, nobody. */
export type MetricsAccess = 'key' | 'open' | 'off';

/** In words for everybody, who need not know hosts and folders. */
const reasonOf = (error: unknown): string => {
  if (error instanceof DomainError) return error.message;
  if (error instanceof Error && error.cause !== undefined) return reasonOf(error.cause);
  return 'The server cannot do its work now.';
};

/** For load balancers, supervisors and Prometheus. */
export const operationRoutes = (
  app: App,
  { health, metrics, metricsAccess }: { health: Health; metrics: Metrics; metricsAccess: MetricsAccess },
): void => {
  const config = { permission: 'public' } as const;

  app.get(
    '/health',
    { config, schema: schemaOf('Whether the server can do its work, and if not, why') },
    async (request, reply) => {
      try {
        await health.check();
      } catch (error) {
        request.log.error({ err: error }, 'unhealthy');
        return reply.code(503).send({ status: 'unavailable', reason: reasonOf(error) });
      }
      const failing = health.failing();
      if (failing.length === 0) return { status: 'ok' };
      // What has no known cause may be the fault of one session: no reason to call the process unfit.
      const isUnfit = health.worksOnly && failing.some(({ cause }) => cause !== 'other');
      return reply.code(isUnfit ? 503 : 200).send({ status: isUnfit ? 'failing' : 'degraded', failing });
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

  if (metricsAccess === 'off') return;
  const permission = metricsAccess === 'open' ? 'public' : 'metrics';
  app.get('/metrics', { config: { permission }, schema: { hide: true } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
};

/** Paths that no page of another origin may read: one in the browser of whoever runs the server would see how it is. */
const PATHS: ReadonlySet<string> = new Set(['/health', '/live', '/ready', '/metrics']);

export const isOperation = ({ url }: FastifyRequest): boolean => PATHS.has(plainPath(url));
