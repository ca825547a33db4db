import type { ValidationProblem } from '@sluice/contract';
import Type, { type TSchema } from 'typebox';
import type { Place } from '../../domain/json/place.ts';
import { type Property, readProperties } from './containers.ts';
import { readJsonBody } from './json-body.ts';
import { compileKind, compileProperties } from './kinds.ts';
import { type Kind, Refused, refuse, within } from './problems.ts';

/** The schemas of a route, as Fastify has them. `params` and `querystring` are of objects. */
export type RequestSchemas = { params?: TSchema; querystring?: TSchema; body?: TSchema };

/** A request as it came: values of path and query are text, the body is bytes. */
export type SentRequest = {
  params: unknown;
  query: unknown;
  body: Uint8Array | undefined;
  contentType: string | undefined;
};

/**
 * The values that the schemas describe, defaults filled in; what was not sent and has no default is absent. Parts without
 * a schema pass as they came, a body without one is not read. `place`: where a body stops being JSON.
 */
export type RequestReading =
  | { params: unknown; query: unknown; body: unknown }
  | { problems: ValidationProblem[]; place?: Place };

/**
 * Compiles the reader of a route's requests: the schemas that give types and documentation, with the leniency and the
 * answers of FastAPI and pydantic 2.13. All problems of a request are found, those of the path first, then query, then
 * body, each in the order of its schema; but a body that is no JSON is the only problem there is.
 * @throws Error where a schema says something that the reader does not heed
 */
export const compileRequestReader = (schemas: RequestSchemas): ((sent: SentRequest) => RequestReading) => {
  const params = schemas.params && compileProperties(schemas.params);
  const query = schemas.querystring && compileProperties(schemas.querystring).map(takingLast);
  const body = schemas.body && bodyKind(schemas.body);

  return (sent) => {
    const json = body ? readJsonBody(sent.body, sent.contentType) : { body: undefined };
    if ('problems' in json) return json;
    const read = {
      params: params ? readProperties(params, sent.params as Texts, null) : sent.params,
      query: query ? readProperties(query, sent.query as Texts, null) : sent.query,
      body: body?.(json.body),
    };
    const problems = [
      ...problemsIn('path', read.params),
      ...problemsIn('query', read.query),
      ...problemsIn('body', read.body),
    ];
    return problems.length > 0 ? { problems } : read;
  };
};

type Texts = Record<string, unknown>;

const problemsIn = (part: string, read: unknown): ValidationProblem[] =>
  read instanceof Refused ? within(part, read.problems) : [];

/** Fastify's own parser gives a list where a key is repeated: the last counts. */
const takingLast = (property: Property): Property => ({
  ...property,
  kind: (input) => property.kind(Array.isArray(input) ? input.at(-1) : input),
});

/** No body and the body `null` are the same: missing, unless the schema is optional. */
const bodyKind = (schema: TSchema): Kind => {
  const kind = compileKind(schema);
  const optional = Type.IsOptional(schema);
  return (body) => {
    if (body !== undefined && body !== null) return kind(body);
    return optional ? undefined : refuse('missing', 'Field required', null);
  };
};
