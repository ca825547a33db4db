/** A connection that was kept has ended before anything of an answer came: it may have been gone before. */
export class KeptConnectionLost extends Error {
  override readonly name = 'KeptConnectionLost';
}

/**
 * Tries over a connection that was kept, where there is one, and once more over one of its own where that was gone. Only
 * for what may arrive twice: the server may have got it the first time, which `onLost` is told of.
 */
export const overKept = async <T>(
  attempt: (own: boolean) => Promise<T>,
  onLost: () => void = () => {},
): Promise<T> => {
  try {
    return await attempt(false);
  } catch (error) {
    if (!(error instanceof KeptConnectionLost)) throw error;
    onLost();
    return attempt(true);
  }
};
