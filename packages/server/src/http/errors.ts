import type { ErrorBody } from '@sluice/contract';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../domain/errors.ts';
import { codeOfStatus, ERROR_STATUS, RETRY_AFTER_SECONDS } from './error-status.ts';
import { RequestInvalid } from './request-reading.ts';

/**
 * Answers every error as `{"detail": …, "code": …}`: a list of problems for 422, one sentence for all other statuses.
 */
export const answerErrors = (app: FastifyInstance, methodsOf: (path: string) => string[]): void => {
  app.setErrorHandler(answerError);

  app.setNotFoundHandler((request, reply) => {
    const allowed = methodsOf(request.url);
    if (allowed.length === 0) return reply.code(404).send(errorBody(404, 'Not Found'));
    return reply.code(405).header('allow', allowed.join(', ')).send(errorBody(405, 'Method Not Allowed'));
  });
};

/** Also for what Fastify meets before it has a route: the path that cannot be decoded. */
export const answerError = (
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  if (error instanceof RequestInvalid) {
    return reply.code(422).send({ detail: error.problems, code: 'INVALID' });
  }
  if (error instanceof DomainError) return answerDomainError(error, request, reply);
  const status = 'statusCode' in error && error.statusCode ? error.statusCode : 500;
  if (status < 500) return reply.code(status).send(errorBody(status, error.message));
  request.log.error({ err: error }, 'request failed');
  return reply.code(500).send(errorBody(500, 'Internal Server Error'));
};

/** What is answered where HTTP itself refuses. */
export const errorBody = (status: number, detail: string): ErrorBody => ({
  detail,
  code: codeOfStatus(status),
});

const answerDomainError = (error: DomainError, request: FastifyRequest, reply: FastifyReply) => {
  const { code } = error;
  reply.code(ERROR_STATUS[code]);
  if (code === 'INVALID') {
    const { location = ['body'], input = null } = error;
    return reply.send({ detail: [{ type: 'value_error', loc: location, msg: error.message, input }], code });
  }
  if (code === 'NOT_AUTHENTICATED') reply.header('www-authenticate', 'Bearer');
  if (code === 'STORAGE_UNAVAILABLE') {
    request.log.error({ err: error }, 'storage unavailable');
    reply.header('retry-after', String(RETRY_AFTER_SECONDS));
  }
  return reply.send({ detail: error.message, code });
};
