export type Query = { readonly [name: string]: string | number | boolean | null | undefined };

/** `?limit=10&name=a%20b`, or nothing. What is null or undefined is left out, as the API reads its absence. */
export const queryString = (query: Query = {}): string => {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`],
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
};
