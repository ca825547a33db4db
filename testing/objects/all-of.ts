/** What a store gave for each of several objects; rejects with the first error among them. */
export const allOf = async <Results extends Iterable<unknown>>(given: Promise<Results>): Promise<Results> => {
  const results = await given;
  for (const result of results instanceof Map ? results.values() : results) {
    if (result instanceof Error) throw result;
  }
  return results;
};
