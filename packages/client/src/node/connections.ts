import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import process from 'node:process';
import { ArgumentError } from '../argument-error.ts';
import { ApiError } from '../http/api-error.ts';
import { NO_CONNECTION, ProxyUnreachable } from '../http/connection-error.ts';
import { isPassing } from '../http/retry-timing.ts';
import type { Environment } from './environment.ts';
import { type NamedProxy, proxyOf } from './proxy.ts';

/** A connection that rests is closed after so long: what lies between may forget it without telling. */
const REST_MS = 4_000;

/** A connection that is not made within so long is given up; nothing was sent by then. */
export const CONNECT_MS = 10_000;
export const LATE = `no connection within ${CONNECT_MS / 1000} s`;

/** Where requests go out, straight or through a proxy. */
export type Connections = {
  /** @param own over a connection that nothing was sent on before */
  request(url: URL, options: http.RequestOptions, own: boolean): http.ClientRequest;
  /** What a request met, said with the proxy where one was in its way; ApiError where that refused it for good. */
  trouble(url: URL, error: Error): Error;
  /** Of an answer: what the proxy says of itself in it, not the server. */
  refusal(url: URL, status: number | undefined): ApiError | null;
  /** Requests still under way fail. */
  close(): void;
};

/**
 * @param variables those that name proxies, asked for at each request
 * @param most connections to one server at a time
 */
export const createConnections = (
  variables: () => Environment,
  most = Number.POSITIVE_INFINITY,
): Connections => {
  const agents = new Map<string, http.Agent>();

  const agentFor = ({ protocol }: URL, proxy: NamedProxy | null, own: boolean): http.Agent => {
    const key = `${protocol} ${own} ${proxy?.url.href}`;
    const known = agents.get(key);
    if (known !== undefined) return known;
    if (proxy !== null && !canProxy()) throw new ArgumentError(NO_PROXIES);
    const settings: http.AgentOptions = {
      keepAlive: !own,
      maxSockets: most,
      ...(proxy && { proxyEnv: { HTTP_PROXY: proxy.url.href, HTTPS_PROXY: proxy.url.href } }),
    };
    const agent = protocol === 'https:' ? new https.Agent(settings) : new http.Agent(settings);
    closeAtRest(agent);
    if (proxy !== null && protocol === 'https:') tunnelInTime(agent);
    agents.set(key, agent);
    return agent;
  };

  return {
    request: (url, options, own) => {
      const agent = agentFor(url, proxyOf(url, variables()), own);
      return (url.protocol === 'https:' ? https : http).request(url, { ...options, agent });
    },
    trouble: (url, error) => {
      const proxy = proxyOf(url, variables());
      return proxy === null ? error : throughProxy(proxy, error);
    },
    refusal: (url, status) => {
      const proxy = status === 407 ? proxyOf(url, variables()) : null;
      return proxy && refused(proxy, 407);
    },
    close: () => {
      for (const agent of agents.values()) agent.destroy();
    },
  };
};

/** The variables of this process, where Node was told to heed them: `NODE_USE_ENV_PROXY=1`, `--use-env-proxy`. */
export const ofThisProcess = (): Environment => (https.globalAgent.options.proxyEnv as Environment) ?? {};

const canProxy = (): boolean => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);
};

const NO_PROXIES = 'This Node cannot send requests through a proxy: 22.21, 24.5 and later can.';

const closeAtRest = (agent: http.Agent): void => {
  const keep: (socket: Socket) => unknown = agent.keepSocketAlive.bind(agent);
  agent.keepSocketAlive = (socket) => {
    const kept = keep(socket as Socket);
    (socket as Socket).setTimeout(REST_MS); // an agent ends one that rests for so long, and only then
    return kept as undefined; // whether it is kept, though the types do not know
  };
};

/** A request has no connection until its tunnel stands, so that to end the request would leave the tunnel waiting. */
const tunnelInTime = (agent: http.Agent): void => {
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, done) => {
    const socket = connect(options, (error, made) => {
      clearTimeout(timer);
      done?.(error, made);
    });
    const late = Object.assign(new Error(LATE), { code: NO_CONNECTION });
    const timer = setTimeout(() => socket?.destroy(late), CONNECT_MS);
    return socket;
  };
};

/** Its code stays: some say that nothing was sent. */
const throughProxy = (proxy: NamedProxy, error: Error): Error => {
  const { code, syscall, statusCode } = error as NodeJS.ErrnoException & { statusCode?: number };
  if (Number.isInteger(statusCode) && !isPassing(statusCode as number))
    return refused(proxy, statusCode as number);
  const unreachable = syscall === 'connect' || syscall === 'getaddrinfo' || error instanceof AggregateError;
  const met = statusCode === undefined ? error.message || code : answered(statusCode);
  const said = unreachable
    ? new ProxyUnreachable(`the ${nameOf(proxy)} cannot be reached: ${met}`)
    : new Error(`through the ${nameOf(proxy)}: ${met}`);
  return Object.assign(said, { code });
};

/** In place of Node's own message, which shows the password. */
const answered = (status: number): string =>
  Number.isInteger(status) ? `it answered ${status}` : 'its answer is no HTTP';

const refused = (proxy: NamedProxy, status: number): ApiError => {
  const detail =
    status === 407
      ? `The ${nameOf(proxy)} asks for a name and a password it knows: http://name:password@host`
      : `The ${nameOf(proxy)} refuses to connect`;
  return new ApiError({ status, detail });
};

/** Without the name and the password that may stand in it. */
const nameOf = ({ url, variable }: NamedProxy): string => `proxy ${url.protocol}//${url.host} (${variable})`;
