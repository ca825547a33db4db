/**
 * Runs `work` on every item, at most `limit` at a time, taking items only as there is room for them. The first failure
 * is thrown once what was under way has ended; nothing new is begun after it.
 */
export const inParallel = async <T>(
  items: AsyncGenerator<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> => {
  let failure: { error: unknown } | undefined;
  const lane = async (): Promise<void> => {
    while (failure === undefined) {
      try {
        const { done, value } = await items.next();
        if (done) return;
        await work(value);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, lane));
  await items.return(undefined);
  if (failure !== undefined) throw failure.error;
};
