/** Milliseconds that a look gets: Prometheus gives all of a scrape 10 s, and would hear of nothing after that. */
const PATIENCE = 4_000;

/**
 * A look at something that may be away. Whoever asks at the same time shares one, also one that takes too long, so that
 * they do not pile up. Undefined where it fails, or does not end within the patience.
 * @param patience milliseconds
 */
export const sharedLook = <T>(
  look: () => Promise<T>,
  patience = PATIENCE,
): (() => Promise<T | undefined>) => {
  let looking: Promise<T | undefined> | undefined;
  return async () => {
    looking ??= look()
      .catch(() => undefined)
      .finally(() => {
        looking = undefined;
      });
    const { promise: tooLate, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), patience);
    return Promise.race([looking, tooLate]).finally(() => clearTimeout(timer));
  };
};
