import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Names the parts of a query that made no difference: a misspelt one would else pass for one that found nothing. */
const HEADER = 'sluice-ignored-query';

/** Characters of one name, before it is escaped, and of the whole header: what is sent may not make answers large. */
const LONGEST = { name: 40, header: 1_000 };

/** Stands for the rest of a name, or for more names. */
const CUT = '...';

/** On every answer of a route, whatever it is. */
export const nameIgnoredQuery = (app: FastifyInstance): void => {
  app.addHook('onRequest', (request, reply, done) => {
    const ignored = ignoredIn(request);
    if (ignored.size > 0) reply.header(HEADER, headerOf(ignored));
    done();
  });
};

/** What the route does not know, and what it takes once and was given more often: the last one counts. */
const ignoredIn = ({ url, routeOptions }: FastifyRequest): Set<string> => {
  const ignored = new Set<string>();
  const start = url.indexOf('?');
  if (start === -1) return ignored;
  const { properties = {} } = (routeOptions.schema?.querystring ?? {}) as { properties?: object };
  const given = new Set<string>();
  for (const name of new URLSearchParams(url.slice(start + 1)).keys()) {
    if (given.has(name) || !Object.hasOwn(properties, name)) ignored.add(name);
    given.add(name);
  }
  ignored.delete(''); // there is nothing to call it by
  return ignored;
};

const headerOf = (names: Iterable<string>): string => {
  let header = '';
  for (const name of names) {
    const characters = [...name];
    const shown =
      encodeURIComponent(characters.slice(0, LONGEST.name).join('')) +
      (characters.length > LONGEST.name ? CUT : '');
    const longer = header === '' ? shown : `${header}, ${shown}`;
    if (longer.length > LONGEST.header) return `${header}, ${CUT}`;
    header = longer;
  }
  return header;
};
