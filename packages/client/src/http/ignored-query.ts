const HEADER = 'sluice-ignored-query';

/** What to say of an answer to a query of which parts made no difference; undefined where the server names none. */
export const ignoredQuery = (reply: Response): string | undefined => {
  const names = reply.headers.get(HEADER);
  if (names === null) return undefined;
  return `The server ignored ${names} in the query: it knows no such name, or was given it twice.`;
};
