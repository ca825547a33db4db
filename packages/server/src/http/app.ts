import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import cors, { type FastifyCorsOptions } from '@fastify/cors';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { knownTarget } from '../domain/base-path.ts';
import type { Authenticate } from '../service/accounts/authentication.ts';
import type { Tokens } from '../service/accounts/tokens.ts';
import type { Users } from '../service/accounts/users.ts';
import type { Files } from '../service/files/files.ts';
import type { SingleUploads } from '../service/files/single-uploads.ts';
import type { UploadSessions } from '../service/upload-sessions.ts';
import type { Workspaces } from '../service/workspaces.ts';
import { authenticateRequests } from './authentication.ts';
import { BODY_BYTES } from './body-limits.ts';
import { type Connections, watchConnections } from './connections/connections.ts';
import { lastAnswer, refuseWith } from './connections/last-answers.ts';
import { describeRoutes } from './docs/describe-routes.ts';
import { serveDocs } from './docs/serve-docs.ts';
import { answerError, answerErrors } from './errors/errors.ts';
import { nameIgnoredQuery } from './ignored-query.ts';
import { logAnswer, loggedRequest } from './request-log.ts';
import { readRequests } from './request-reading.ts';
import { type ListedRoute, rememberRoutes } from './route-list.ts';
import { fileRoutes } from './routes/files.ts';
import type { Metrics } from './routes/metrics.ts';
import { type Health, isOperation, type MetricsAccess, operationRoutes } from './routes/operation.ts';
import { singleUploadRoutes } from './routes/single-uploads.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { uploadSessionRoutes } from './routes/upload-sessions.ts';
import { userRoutes } from './routes/users.ts';
import { workspaceRoutes } from './routes/workspaces.ts';
import type { App } from './typed-fastify.ts';
import { parseQueryString } from './validation/query-string.ts';

export type AppDependencies = {
  /** Without: a process that only works through jobs answers for itself alone. */
  api: boolean;
  authenticate: Authenticate;
  /** Also while the database is away. */
  authenticateForMetrics: Authenticate;
  workspaces: Workspaces;
  uploadSessions: UploadSessions;
  files: Files;
  singleUploads: SingleUploads;
  tokens: Tokens;
  users: Users;
  health: Health;
  metrics: Metrics;
  metricsAccess: MetricsAccess;
  log: FastifyBaseLogger;
  /** Takes requests whose path is that of the bucket; they never enter Fastify, whose share per request would show. */
  form: { path: string; handle: (request: IncomingMessage, response: ServerResponse) => void } | null;
  documentationUrl: () => string;
  /** What clients reach the server by, without a slash at the end. */
  publicUrl: () => string;
  /** The path of that: empty, or `/like/this`. */
  basePath: string;
  corsOrigins: '*' | string[];
  docs: boolean;
  version: string;
};

/** Longest that the head of a request may take to arrive, from its first byte or from the connection, in milliseconds. */
const LONGEST_HEAD = 10_000;

/** How often heads are looked after, in milliseconds. */
const HEADS_LOOK = 1_000;

/** Characters of a part of a path, escaped: the name of a workspace, each character of it in four bytes. */
const LONGEST_PARAM = 255 * 12;

/** Longest one request may take to arrive: 5 GB at 250 KB a second. */
const LONGEST_REQUEST = 6 * 3600_000;

export type HttpSide = {
  app: App;
  routes: () => ListedRoute[];
  /** From now on each answer is the last one of its connection, so that the next request goes elsewhere. */
  letGo: () => void;
  /** Ends connections: those without a request at once, others with their answer, all after `grace` milliseconds. */
  stop: (grace: number) => void;
};

/** What pages of other origins may send and see. */
const pages: FastifyCorsOptions = {
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  exposedHeaders: ['etag', 'content-range', 'content-disposition', 'retry-after', 'sluice-ignored-query'],
  maxAge: 3600,
  strictPreflight: false, // what else asks by OPTIONS is told the same, not refused in plain text
};

/** The HTTP side, not listening yet. */
export const createApp = async (dependencies: AppDependencies): Promise<HttpSide> => {
  const { form, metrics } = dependencies;
  /** One for each address that is listened on. */
  const connections: Connections[] = [];
  const targetOf = knownTarget(dependencies.basePath, form?.path ?? null);
  const app = Fastify({
    loggerInstance: dependencies.log.child({}, { serializers: { req: loggedRequest } }),
    bodyLimit: BODY_BYTES.small,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: LONGEST_PARAM, querystringParser: parseQueryString },
    requestTimeout: LONGEST_REQUEST,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) =>
      answerError(error, request, reply.header('cache-control', 'no-store')),
    clientErrorHandler: () => {}, // answered where the connections are watched
    serverFactory: (handle, options) => {
      const server = createServer({
        ...options,
        headersTimeout: LONGEST_HEAD,
        connectionsCheckingInterval: HEADS_LOOK,
        requireHostHeader: false, // Node's own refusal of that has no body
      });
      const watched = watchConnections(server);
      connections.push(watched);
      server.on('request', (request, response) => {
        request.url = targetOf(request.url ?? '');
        const isForm = form !== null && isBelow(request.url, form.path);
        watched.take({
          request,
          response,
          handle: refusalOf(request) ?? (isForm ? form.handle : handle),
        });
      });
      server.on('checkExpectation', (request, response) =>
        watched.take({ request, response, handle: refuseExpectation }),
      );
      server.on('connect', (_request, socket) =>
        socket.end(lastAnswer(405, 'Method Not Allowed', ['Allow: ']), () => socket.destroy()),
      );
      return server;
    },
  }).withTypeProvider<TypeBoxTypeProvider>();

  const routes = rememberRoutes(app);
  readRequests(app);
  await app.register(cors, {
    delegator: (request, answer) =>
      answer(null, { ...pages, origin: isOperation(request) ? false : dependencies.corsOrigins }),
  });
  answerErrors(app, routes.methodsOf);
  nameIgnoredQuery(app);
  authenticateRequests(app, dependencies);
  app.addHook('onSend', (_request, reply, payload, done) => {
    const type = String(reply.getHeader('content-type') ?? JSON_TYPE);
    if (type.startsWith(JSON_TYPE) && !reply.hasHeader('cache-control')) {
      reply.header('cache-control', 'no-store');
    }
    done(null, payload);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { statusCode: status, elapsedTime } = reply;
    const route = request.routeOptions.url ?? 'none';
    metrics.requestSeconds.observe({ method: request.method, route, status }, elapsedTime / 1000);
    if (status >= 500 && route.startsWith('/api/')) metrics.serverErrors.inc();
    logAnswer(request, reply);
  });

  await describeRoutes(app, dependencies.version);
  operationRoutes(app, dependencies);
  if (dependencies.api) {
    uploadSessionRoutes(app, dependencies);
    fileRoutes(app, dependencies);
    singleUploadRoutes(app, dependencies);
    workspaceRoutes(app, dependencies);
    tokenRoutes(app, dependencies);
    userRoutes(app, dependencies);
    if (dependencies.docs) await serveDocs(app, dependencies);
  }
  return {
    app,
    routes: routes.all,
    letGo: () => {
      for (const one of connections) one.letGo();
    },
    stop: (grace) => {
      for (const one of connections) one.stop(grace);
    },
  };
};

/** Also what an answer without a body is taken for. */
const JSON_TYPE = 'application/json';

const refuseExpectation = refuseWith(417, 'The only expectation that is met is 100-continue.');
const refuseCoding = refuseWith(501, 'The only transfer coding that is read is chunked.');
const refuseHostless = refuseWith(400, 'The header Host is missing.');

/** What is wrong with the head of a request, whoever asks for whatever. */
const refusalOf = ({ headers, httpVersion }: IncomingMessage) => {
  if (headers.host === undefined && httpVersion === '1.1') return refuseHostless;
  const { 'transfer-encoding': coding = 'chunked' } = headers;
  return /^chunked$/i.test(coding) ? undefined : refuseCoding;
};

const isBelow = (url: string, path: string): boolean =>
  url.startsWith(path) && (url.length === path.length || '/?'.includes(url.charAt(path.length)));
