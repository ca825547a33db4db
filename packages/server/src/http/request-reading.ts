import type { ValidationProblem } from '@sluice/contract';
import type { FastifyInstance, FastifyRequest, FastifySchema } from 'fastify';
import { compileRequestReader, type RequestSchemas } from './validation/reader.ts';

/** A request that its route's schemas do not admit. */
export class RequestInvalid extends Error {
  readonly problems: ValidationProblem[];

  constructor(problems: ValidationProblem[]) {
    super('The request is not valid');
    this.name = 'RequestInvalid';
    this.problems = problems;
  }
}

/**
 * Bodies of the JSON routes, in bytes: a bulk change of metadata is the largest. Reading one of this size keeps others
 * waiting for some 20 ms.
 */
export const MAX_JSON_BYTES = 4 * 1024 * 1024;

/**
 * Reads path, query and body of every request by the schemas of its route, all of them before any answer. Fastify's own
 * validation would stop at the first part that fails and word it its own way.
 */
export const readRequests = (app: FastifyInstance): void => {
  app.setValidatorCompiler(() => (data) => ({ value: data }));
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));

  app.removeAllContentTypeParsers();
  // A multipart body is read by its route, as it arrives.
  app.addContentTypeParser('multipart/form-data', (_request, _payload, done) => done(null));
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_JSON_BYTES }, (_request, body, done) =>
    done(null, body),
  );

  const readers = new WeakMap<FastifySchema, ReturnType<typeof compileRequestReader>>();
  app.addHook('onRoute', ({ schema }) => {
    if (schema) readers.set(schema, compileRequestReader(schema as RequestSchemas));
  });

  app.addHook('preValidation', async (request: FastifyRequest) => {
    const schema = request.routeOptions.schema;
    const read = schema && readers.get(schema);
    if (!read) return;
    const result = read({
      params: request.params,
      query: request.query,
      body: Buffer.isBuffer(request.body) ? request.body : undefined,
      contentType: request.headers['content-type'],
    });
    if ('problems' in result) throw new RequestInvalid(result.problems);
    request.params = result.params;
    request.query = result.query;
    if (schema.body) request.body = result.body;
  });
};
