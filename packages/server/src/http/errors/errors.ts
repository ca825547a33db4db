import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../../domain/errors.ts';
import { RequestInvalid } from '../request-reading.ts';
import { errorBody } from './error-body.ts';
import { ERROR_STATUS, RETRY_AFTER_SECONDS } from './error-status.ts';
import { shownProblems } from './shown-problems.ts';

/**
 * Answers every error as `{"detail": …, "code": …}`: a list of problems for 422, one sentence for all other statuses.
 */
export const answerErrors = (app: FastifyInstance, methodsOf: (path: string) => string[]): void => {
  app.setErrorHandler(answerError);

  const answerUnknown = (request: FastifyRequest, reply: FastifyReply): void => {
    const allowed = methodsOf(request.url);
    if (allowed.length === 0 || allowed.includes(request.method))
      reply.code(404).send(errorBody(404, 'Not Found'));
    else reply.code(405).header('allow', allowed.join(', ')).send(errorBody(405, 'Method Not Allowed'));
  };
  app.setNotFoundHandler(answerUnknown);
  // At once: nobody is asked for a key there, and no body may be read for it. OPTIONS gets as far as this where pages of
  // other origins have no business.
  app.addHook('onRequest', (request, reply, done) => {
    if (request.is404 || request.method === 'OPTIONS') answerUnknown(request, reply);
    else done();
  });
};

/** Also for what Fastify meets before it has a route: the path that cannot be decoded. */
export const answerError = (
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  if (error instanceof RequestInvalid) {
    return reply.code(422).send({ detail: shownProblems(error.problems), code: 'INVALID' });
  }
  if (error instanceof DomainError) return answerDomainError(error, request, reply);
  const status = 'statusCode' in error && error.statusCode ? error.statusCode : 500;
  if (status < 500) {
    // Where a body is too large Fastify would close the connection on it, and the client might miss the answer.
    if (status === 413) reply.removeHeader('connection');
    return reply.code(status).send(errorBody(status, sentenceOf(error, request)));
  }
  request.log.error({ err: error }, 'request failed');
  return reply.code(500).send(errorBody(500, 'Internal Server Error'));
};

/** Fastify's own words repeat what was sent, or do not say what to do. */
const sentenceOf = (error: FastifyError | Error, request: FastifyRequest): string => {
  switch ('code' in error && error.code) {
    case 'FST_ERR_BAD_URL':
      return 'The path cannot be decoded: a % in it starts no escape of UTF-8.';
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return 'A part of the path is too long.';
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return `The body is larger than ${request.routeOptions.bodyLimit} bytes.`;
    default:
      return error.message;
  }
};

const answerDomainError = (error: DomainError, request: FastifyRequest, reply: FastifyReply) => {
  const { code } = error;
  reply.code(ERROR_STATUS[code]);
  if (code === 'INVALID') {
    const { location = ['body'], input = null } = error;
    const problem = { type: 'value_error', loc: [...location], msg: error.message, input };
    return reply.send({ detail: shownProblems([problem]), code });
  }
  if (code === 'NOT_AUTHENTICATED') reply.header('www-authenticate', 'Bearer');
  if (code === 'STORAGE_UNAVAILABLE') request.log.error({ err: error }, 'storage unavailable');
  if (code === 'STORAGE_UNAVAILABLE' || code === 'INDEX_NOT_READY') {
    reply.header('retry-after', String(RETRY_AFTER_SECONDS));
  }
  return reply.send({ detail: error.message, code });
};
