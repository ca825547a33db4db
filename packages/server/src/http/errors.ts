import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../domain/errors.ts';
import { ERROR_STATUS, RETRY_AFTER_SECONDS } from './error-status.ts';
import { RequestInvalid } from './request-reading.ts';

/** Answers every error as `{"detail": …}`: a list of problems for 422, one sentence for all other statuses. */
export const answerErrors = (app: FastifyInstance, methodsOf: (path: string) => string[]): void => {
  app.setErrorHandler((error: FastifyError | Error, request, reply) => {
    if (error instanceof RequestInvalid) return reply.code(422).send({ detail: error.problems });
    if (error instanceof DomainError) return answerDomainError(error, request, reply);
    const status = 'statusCode' in error && error.statusCode ? error.statusCode : 500;
    if (status < 500) return reply.code(status).send({ detail: error.message });
    request.log.error({ err: error }, 'request failed');
    return reply.code(500).send({ detail: 'Internal Server Error' });
  });

  app.setNotFoundHandler((request, reply) => {
    const allowed = methodsOf(request.url);
    if (allowed.length === 0) return reply.code(404).send({ detail: 'Not Found' });
    return reply.code(405).header('allow', allowed.join(', ')).send({ detail: 'Method Not Allowed' });
  });
};

const answerDomainError = (error: DomainError, request: FastifyRequest, reply: FastifyReply) => {
  reply.code(ERROR_STATUS[error.code]);
  if (error.code === 'INVALID') {
    const { location = ['body'], input = null } = error;
    return reply.send({ detail: [{ type: 'value_error', loc: location, msg: error.message, input }] });
  }
  if (error.code === 'NOT_AUTHENTICATED') reply.header('www-authenticate', 'Bearer');
  if (error.code === 'STORAGE_UNAVAILABLE') {
    request.log.error({ err: error }, 'storage unavailable');
    reply.header('retry-after', String(RETRY_AFTER_SECONDS));
  }
  return reply.send({ detail: error.message });
};
