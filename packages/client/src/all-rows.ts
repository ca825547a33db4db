/** A page of any list. */
export type PageOf<Row> = { data: Row[]; has_more: boolean; total: number };

/**
 * Every row of a list, page by page, as they are asked for. Rows that come to the list meanwhile may shift others, so
 * that one shows twice or not at all: for lists that stand still, or where that does not matter.
 * @param fetchPage gets numbers from 1
 */
export async function* allRows<Row>(
  fetchPage: (pageNumber: number) => Promise<PageOf<Row>>,
): AsyncGenerator<Row, void, undefined> {
  for (let pageNumber = 1; ; pageNumber++) {
    const page = await fetchPage(pageNumber);
    yield* page.data;
    // An empty page ends it as well: a server that always says "more" must not keep us for ever.
    if (!page.has_more || page.data.length === 0) return;
  }
}
