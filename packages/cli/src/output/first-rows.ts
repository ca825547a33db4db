/** So many rows at most; no more are asked for than it takes. */
export async function* firstRows<Row>(
  rows: AsyncIterable<Row> | Iterable<Row>,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<Row, void, undefined> {
  let given = 0;
  for await (const row of rows) {
    yield row;
    if (++given >= limit) return;
  }
}
