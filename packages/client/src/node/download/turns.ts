/** `mine` resolves when it is one's turn; `over` gives it to the next. */
export type Turn = { mine: Promise<void>; over: () => void };

/** Turns for each key, in the order they were asked for. Names that differ in case only share one. */
export const oneAfterTheOther = () => {
  const last = new Map<string, Promise<void>>();
  return (path: string): Turn => {
    const key = path.normalize('NFC').toLowerCase();
    const mine = last.get(key) ?? Promise.resolve();
    let over = () => {};
    const ended = new Promise<void>((resolve) => {
      over = () => {
        if (last.get(key) === ended) last.delete(key);
        resolve();
      };
    });
    last.set(key, ended);
    return { mine, over };
  };
};
