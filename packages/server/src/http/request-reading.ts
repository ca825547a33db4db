import type { ValidationProblem } from '@sluice/contract';
import type { FastifyInstance, FastifyRequest, FastifySchema } from 'fastify';
import type { Place } from '../domain/json/place.ts';
import { errorBody } from './errors/error-body.ts';
import { compileRequestReader, type RequestSchemas } from './validation/reader.ts';

/** A request that its route's schemas do not admit. */
export class RequestInvalid extends Error {
  readonly problems: ValidationProblem[];

  /** @param place where a body stops being JSON: its only problem, of which FastAPI says but the offset */
  constructor(problems: ValidationProblem[], place?: Place) {
    super('The request is not valid');
    this.name = 'RequestInvalid';
    this.problems = place
      ? problems.map((problem) => ({ ...problem, ctx: { ...problem.ctx, ...place } }))
      : problems;
  }
}

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
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  app.addHook('preParsing', (request, reply, _payload, done) => {
    const { 'content-encoding': coding = 'identity' } = request.headers;
    if (/^\s*identity\s*$/i.test(coding)) return done();
    reply.code(415).header('accept-encoding', 'identity');
    reply.send(errorBody(415, 'Bodies are taken as they are: send it without Content-Encoding.'));
  });

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
    if ('problems' in result) throw new RequestInvalid(result.problems, result.place);
    request.params = result.params;
    request.query = result.query;
    if (schema.body) request.body = result.body;
  });
};
