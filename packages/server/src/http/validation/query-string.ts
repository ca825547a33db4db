/**
 * Reads a query string as Starlette does: the last of repeated keys wins, a key without `=` is empty text, `+` is a
 * blank, and escapes that are no UTF-8 become U+FFFD. For Fastify's option `querystringParser`.
 */
export const parseQueryString = (text: string): Record<string, string> => {
  const query: Record<string, string> = Object.create(null);
  if (text !== '') for (const [key, value] of new URLSearchParams(text)) query[key] = value;
  return query;
};
