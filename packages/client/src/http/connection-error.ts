/** No answer came: the connection failed, broke off, or took too long. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly code: 'CONNECTION_FAILED' | 'TIMED_OUT';
  /** True where the request cannot have reached the server, so that repeating it cannot do anything twice. */
  readonly neverSent: boolean;

  constructor(code: ConnectionError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.neverSent = BEFORE_SENDING.has(systemCodeOf(cause) ?? '');
  }
}

/** The proxy on the way is what cannot be reached; the message says which. */
export class ProxyUnreachable extends Error {
  override readonly name = 'ProxyUnreachable';
}

/** No connection was made in time. */
export const NO_CONNECTION = 'SLUICE_NO_CONNECTION';

/** What Node calls it, which it often wraps: `fetch failed` is all that is said at the outside. */
export const systemCodeOf = (error: unknown): string | undefined => {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return undefined;
};

const BEFORE_SENDING = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH'],
  ...['UND_ERR_CONNECT_TIMEOUT', 'ERR_PROXY_TUNNEL', NO_CONNECTION],
]);
