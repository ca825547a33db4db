import type { IncomingMessage } from 'node:http';

/** Origins whose pages may read the answers; `*` for all. Credentials are never admitted: a form brings its own. */
export type CorsOrigins = '*' | readonly string[];

/** Headers of an answer, as `writeHead` takes them: name, value, name, value … */
export type HeaderList = string[];

const NONE: HeaderList = [];
const EXPOSED = ['Access-Control-Expose-Headers', 'ETag, Location, Retry-After'];

/** Headers that let the page that asked read the answer; none where its origin may not. */
export const corsHeaders = ({ headers: { origin } }: IncomingMessage, origins: CorsOrigins): HeaderList => {
  if (origin === undefined) return NONE;
  if (origins === '*') return ['Access-Control-Allow-Origin', '*', ...EXPOSED];
  // A cache must not hand the answer for one origin to another.
  const vary = ['Vary', 'Origin'];
  return origins.includes(origin) ? ['Access-Control-Allow-Origin', origin, ...EXPOSED, ...vary] : vary;
};

/** What a preflight is told on top, once its origin is allowed. `*` stands for every header but Authorization. */
export const PREFLIGHT_HEADERS: HeaderList = [
  'Access-Control-Allow-Methods',
  'POST',
  'Access-Control-Allow-Headers',
  '*',
  'Access-Control-Max-Age',
  '3600',
];
