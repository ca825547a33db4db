/** The path of the public URL, which clients put before every path of this server: empty, or `/like/this`. */
export const basePathOf = (publicUrl: string | null): string =>
  publicUrl === null ? '' : new URL(publicUrl).pathname.replace(/\/+$/, '');

/** First segments of the server's own paths. */
export const OWN_SEGMENTS: ReadonlySet<string> = new Set([
  'api',
  'docs',
  'health',
  'live',
  'metrics',
  'openapi.json',
  'ready',
]);

/** The path and query of a target that names a host as well, as every server has to take it (RFC 9112, 3.2.2). */
const withoutHost = (target: string): string => {
  const [host = ''] = /^https?:\/\/[^/?#]*/i.exec(target) ?? [];
  const rest = target.slice(host.length);
  return host === '' || rest.startsWith('/') ? rest : `/${rest}`;
};

/**
 * Gives the target of a request as the routes know it: some proxies take the base path off, others pass it on. One that
 * begins like a path of the server's own could be either, and is for the proxy to take off.
 * @param formPath `/<bucket>`, or null where forms do not lead here
 */
export const knownTarget = (basePath: string, formPath: string | null) => {
  const [, first = ''] = basePath.split('/', 2);
  if (first === '' || OWN_SEGMENTS.has(first) || `/${first}` === formPath) return withoutHost;
  return (given: string): string => {
    const target = withoutHost(given);
    if (!target.startsWith(basePath)) return target;
    const rest = target.slice(basePath.length);
    if (rest === '' || rest.startsWith('?')) return `/${rest}`;
    return rest.startsWith('/') ? rest : target;
  };
};
