import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import cors from '@fastify/cors';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import type { Authenticate } from '../service/authentication.ts';
import type { FileUploads } from '../service/file-uploads.ts';
import type { Files } from '../service/files.ts';
import type { Tokens } from '../service/tokens.ts';
import type { UploadSessions } from '../service/upload-sessions.ts';
import type { Users } from '../service/users.ts';
import type { Workspaces } from '../service/workspaces.ts';
import { authenticateRequests } from './authentication.ts';
import { describeRoutes, serveDocs } from './docs.ts';
import { answerErrors } from './errors.ts';
import { fileUploadRoutes } from './file-upload.ts';
import { fileRoutes } from './files.ts';
import { createLettingGo } from './letting-go.ts';
import type { Metrics } from './metrics.ts';
import { type Health, operationRoutes } from './operation.ts';
import { readRequests } from './request-reading.ts';
import { type ListedRoute, rememberRoutes } from './route-list.ts';
import { cutIfStalled } from './stalled-bodies.ts';
import { tokenRoutes } from './tokens.ts';
import type { App } from './typed-fastify.ts';
import { uploadSessionRoutes } from './upload-sessions.ts';
import { userRoutes } from './users.ts';
import { parseQueryString } from './validation/query-string.ts';
import { workspaceRoutes } from './workspaces.ts';

export type AppDependencies = {
  /** Without: a process that only works through jobs answers for itself alone. */
  api: boolean;
  authenticate: Authenticate;
  workspaces: Workspaces;
  uploadSessions: UploadSessions;
  files: Files;
  fileUploads: FileUploads;
  tokens: Tokens;
  users: Users;
  health: Health;
  metrics: Metrics;
  log: FastifyBaseLogger;
  /** Takes requests whose path is that of the bucket; they never enter Fastify, whose share per request would show. */
  form: { path: string; handle: (request: IncomingMessage, response: ServerResponse) => void } | null;
  documentationUrl: () => string;
  corsOrigins: '*' | string[];
  docs: boolean;
  version: string;
};

/** Longest that the head of a request may take to arrive, in milliseconds. */
const LONGEST_HEAD = 60_000;

/** Longest that a body may stop coming, in milliseconds. */
const LONGEST_SILENCE = 60_000;

/** Longest one request may take to arrive: 5 GB at 250 KB a second. */
const LONGEST_REQUEST = 6 * 3600_000;

/** The HTTP side, not listening yet. */
export const createApp = async (
  dependencies: AppDependencies,
): Promise<{
  app: App;
  routes: () => ListedRoute[];
  lettingGo: Pick<ReturnType<typeof createLettingGo>, 'begin' | 'stopListening'>;
}> => {
  const { form, metrics } = dependencies;
  const lettingGo = createLettingGo();
  const app = Fastify({
    loggerInstance: dependencies.log,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 2048, querystringParser: parseQueryString },
    requestTimeout: LONGEST_REQUEST,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    serverFactory: (handle, options) => {
      const server = createServer({ ...options, headersTimeout: LONGEST_HEAD }, (request, response) => {
        lettingGo.watch(response);
        if (form && isBelow(request.url ?? '', form.path)) form.handle(request, response);
        else {
          cutIfStalled(request, response, LONGEST_SILENCE);
          handle(request, response);
        }
      });
      lettingGo.attach(server);
      return server;
    },
  }).withTypeProvider<TypeBoxTypeProvider>();

  const routes = rememberRoutes(app);
  readRequests(app);
  answerErrors(app, routes.methodsOf);
  await app.register(cors, {
    origin: dependencies.corsOrigins === '*' ? '*' : dependencies.corsOrigins,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: ['etag', 'content-range', 'content-disposition', 'retry-after'],
    maxAge: 3600,
  });
  authenticateRequests(app, dependencies.authenticate);
  app.addHook(
    'onResponse',
    async ({ method, url, log, routeOptions }, { statusCode: status, elapsedTime }) => {
      const route = routeOptions.url ?? 'none';
      metrics.requestSeconds.observe({ method, route, status }, elapsedTime / 1000);
      // What supervisors and pages ask all day long is of interest only when something is wrong.
      const asked = url.startsWith('/api/') ? 'info' : 'debug';
      // A server that is not ready says so to whoever asks; nothing has gone wrong.
      const level = status >= 500 && route !== '/ready' ? 'error' : asked;
      log[level]({ method, url, status, milliseconds: Math.round(elapsedTime) }, 'request');
    },
  );

  await describeRoutes(app, dependencies.version);
  operationRoutes(app, dependencies);
  if (dependencies.api) {
    uploadSessionRoutes(app, dependencies);
    fileRoutes(app, dependencies);
    fileUploadRoutes(app, dependencies);
    workspaceRoutes(app, dependencies);
    tokenRoutes(app, dependencies);
    userRoutes(app, dependencies);
    if (dependencies.docs) await serveDocs(app);
  }
  return { app, routes: routes.all, lettingGo };
};

const isBelow = (url: string, path: string): boolean =>
  url.startsWith(path) && (url.length === path.length || '/?'.includes(url.charAt(path.length)));
