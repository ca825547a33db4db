/** Gathers chunks of any size into parts of one size. Bytes are copied in, so that no chunk is kept alive by few of them. */
export const createPartBuffer = (partBytes: number) => {
  let part: Buffer | undefined;
  let filled = 0;
  /** What came while the part was full. */
  let overflow: Buffer[] = [];

  const add = (chunk: Buffer): void => {
    part ??= Buffer.allocUnsafe(partBytes);
    const taken = chunk.copy(part, filled);
    filled += taken;
    if (taken < chunk.length) overflow.push(chunk.subarray(taken));
  };

  const take = (): Buffer => {
    const taken = (part ?? Buffer.alloc(0)).subarray(0, filled);
    part = undefined;
    filled = 0;
    const rest = overflow;
    overflow = [];
    for (const chunk of rest) add(chunk);
    return taken;
  };

  return {
    add,
    /** The bytes of the next part: all there is, up to a whole one. They are the caller's. */
    take,
    isFull: (): boolean => filled === partBytes,
    isEmpty: (): boolean => filled === 0,
    /** Whether all there is fits into one part. */
    fits: (): boolean => overflow.length === 0,
    clear: (): void => {
      part = undefined;
      filled = 0;
      overflow = [];
    },
  };
};
