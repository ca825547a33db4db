import type { Cause } from './outage.ts';

type Known = Omit<Cause, 'code'>;

const at = (why: string): Known => ({ why, look: ['address'] });
const tls = (why: string): Known => ({ why, look: ['tls'] });

const KNOWN: Record<string, Known> = {
  ECONNREFUSED: at('nothing listens there'),
  ENOTFOUND: at('there is no host of that name'),
  EAI_AGAIN: at('the name of the host cannot be looked up now'),
  EHOSTUNREACH: at('there is no way to that host'),
  EHOSTDOWN: at('that host is down'),
  ENETUNREACH: at('there is no way to that network'),
  ENETDOWN: at('the network is down'),
  ETIMEDOUT: at('it does not answer'),
  ECONNRESET: at('it hung up'),
  ECONNABORTED: at('the connection was broken off'),
  EPIPE: at('it hung up'),
  EPROTO: tls('one side speaks TLS and the other does not'),
  DEPTH_ZERO_SELF_SIGNED_CERT: tls('its certificate is signed by itself, which nothing here vouches for'),
  SELF_SIGNED_CERT_IN_CHAIN: tls('its certificate is signed by an authority that is not trusted here'),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: tls('its certificate is signed by an authority that is not known here'),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: tls('its certificate is signed by an authority that is not known here'),
  CERT_HAS_EXPIRED: tls('its certificate has expired'),
  CERT_NOT_YET_VALID: tls('its certificate is not valid yet; is the clock right?'),
  ERR_TLS_CERT_ALTNAME_INVALID: tls('its certificate is for another name'),
};

/** What stood between us and a service on the network, by the code of the system or of TLS; undefined for other codes. */
export const connectionCause = (code: string): Cause | undefined => {
  const known = KNOWN[code];
  return known && { ...known, code };
};

/** The code of an error; of several addresses of one host, tried in turn, that of the first. */
export const codeOf = (error: unknown): string | undefined => {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
};
