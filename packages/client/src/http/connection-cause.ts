import { ProxyUnreachable, systemCodeOf } from './connection-error.ts';

const UNKNOWN_AUTHORITY =
  'its certificate is signed by an authority that is not known here; NODE_EXTRA_CA_CERTS names one';
const NO_TLS = 'what listens there speaks no TLS: is it http:// in place of https://?';
const NO_HTTP = 'what answers there speaks no HTTP';

const BY_CODE: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name of the host cannot be looked up now',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  ETIMEDOUT: 'it does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  ECONNRESET: 'it hung up',
  EPIPE: 'it hung up',
  UND_ERR_SOCKET: 'it hung up',
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  EPROTO: 'one side speaks TLS and the other does not',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'its certificate is signed by itself, which nothing here vouches for; NODE_EXTRA_CA_CERTS names a file that does',
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; is the clock right?',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

/** What `fetch` gives no code for. */
const BY_MESSAGE: readonly [RegExp, string][] = [
  [
    /^bad port$/,
    'fetch opens no connection to that port, as no browser does: the server has to listen on another one',
  ],
  [/wrong version number|packet length too long/, NO_TLS],
  [/does not match the HTTP|^Parse Error|^Expected HTTP/i, NO_HTTP],
];

/** All that `fetch` gives for 407. */
const NO_WORDS =
  'a proxy on the way wants a login of its own (407), or an answer came that fetch does not hand out';

/**
 * Why no answer came, in words where they are known, with what the system calls it. `fetch failed` says nothing; what it
 * was caused by does.
 */
export const connectionCause = (error: unknown, url = ''): string => {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = systemCodeOf(error);
  const message = inner instanceof Error ? inner.message || code || '' : String(inner);
  if (message === '') return NO_WORDS;
  if (inner instanceof ProxyUnreachable) return message; // it is not the server that is meant
  const byMessage = BY_MESSAGE.find(([pattern]) => pattern.test(message))?.[1];
  const words = byMessage ?? BY_CODE[code ?? ''];
  if (words === undefined) return message;
  const tls = words === 'it hung up' && url.startsWith('http:') ? '; does it want https://?' : '';
  return `${words}${tls} (${code === undefined || message.includes(code) ? message : code})`;
};
