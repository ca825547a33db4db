import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';

/**
 * No script or style but the page's own, no frame around it. Nothing here asks for https: on a plain http server that
 * would leave the page blank.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const SAFE = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

const own = (name: string): URL => new URL(name, import.meta.url);
/** Of the package only what draws the description: its page, title, marks and policy are another product's. */
const viewer = (name: string): string => import.meta.resolve(`@fastify/swagger-ui/static/${name}`);

const FILES: [path: string, file: URL, type: string][] = [
  ['/docs', own('index.html'), 'text/html'],
  ['/docs/mark.svg', own('mark.svg'), 'image/svg+xml'],
  ['/docs/page.css', own('page.css'), 'text/css'],
  ['/docs/page.js', own('page.js'), 'text/javascript'],
  ['/docs/viewer.css', new URL(viewer('swagger-ui.css')), 'text/css'],
  ['/docs/viewer.js', new URL(viewer('swagger-ui-bundle.js')), 'text/javascript'],
];

/**
 * The description as JSON, and a page that shows it. Everything comes from this server, by links that hold under any
 * prefix and any name.
 */
export const serveDocs = async (
  app: FastifyInstance,
  { publicUrl, basePath }: { publicUrl: () => string; basePath: string },
): Promise<void> => {
  await app.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, permission: 'public' };
    });
    const schema = { hide: true };
    // Made once, as anybody may ask for it, and making it takes milliseconds.
    let made: { url: string; text: string } | undefined;
    const describe = (url: string): string => {
      if (made?.url === url) return made.text;
      const { openapi, info, ...rest } = app.swagger() as Record<string, unknown>;
      made = { url, text: JSON.stringify({ openapi, info, servers: [{ url }], ...rest }) };
      return made.text;
    };
    docs.get('/openapi.json', { schema }, async (_request, reply) =>
      reply.type('application/json; charset=utf-8').send(describe(publicUrl())),
    );
    docs.get('/', { schema }, async (_request, reply) => reply.redirect(`${basePath}/docs`));
    docs.get('/docs/', { schema }, async (_request, reply) => reply.redirect('../docs'));
    for (const [path, file, type] of FILES) {
      const content = await readFile(file);
      const etag = `"${createHash('sha256').update(content).digest('base64url')}"`;
      docs.get(path, { schema }, async ({ headers }, reply) => {
        reply.headers({ etag, 'cache-control': 'no-cache', ...SAFE }).type(`${type}; charset=utf-8`);
        return headers['if-none-match'] === etag ? reply.code(304).send() : reply.send(content);
      });
    }
  });
};
