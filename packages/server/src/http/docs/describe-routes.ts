import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import type { TSchema } from 'typebox';

declare module 'fastify' {
  interface FastifySchema {
    /** The parts of a multipart body, which the route reads by itself: for the documentation. */
    form?: TSchema;
  }
}

/** OpenAPI 3.1 out of the schemas of the routes. Register before the routes. */
export const describeRoutes = async (app: FastifyInstance, version: string): Promise<void> => {
  await app.register(swagger, {
    transform: ({ schema, url }) => {
      const { form, ...rest } = schema ?? {};
      return { url, schema: form ? { ...rest, consumes: ['multipart/form-data'], body: form } : rest };
    },
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sluice',
        version,
        description:
          'Upload sessions: open one, POST files and their metadata sidecars with its form, close it, and learn what ' +
          'became of every file. Names in a query that a route does not know are ignored, and named, escaped as in a ' +
          'URL, in the header `Sluice-Ignored-Query`; so are those that are given more than once, of which the last counts.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', bearerFormat: 'api_…' } },
      },
      security: [{ apiKey: [] }],
    },
  });
};
