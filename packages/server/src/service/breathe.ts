import process from 'node:process';

/** Milliseconds that work holds the event loop before others get their turn. */
const TURN = 10;

/** Milliseconds that one step of work on rows is meant to take: where there is one writer, nobody else writes meanwhile. */
const STEP = 25;

/**
 * For work that grows with data: awaited between its parts, it lets requests in whenever a turn is over, and costs next to
 * nothing before.
 */
export const createBreath = (): (() => Promise<void>) => {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < TURN) return;
    await letOthersIn();
    since = performance.now();
  };
};

/**
 * For work that goes in transactions: each step gets the number of things it may take on, which follows from how long the
 * step before took. It begins with the least, since what the things weigh is not known before; fewer would go into so many
 * transactions that these are what takes the time. Others are let in after each step.
 */
export const createPace = (
  least: number,
  most: number,
): (<T>(step: (size: number) => Promise<T>) => Promise<T>) => {
  let size = least;
  return async (step) => {
    const from = performance.now();
    const result = await step(size);
    const fitting = Math.floor((size * STEP) / (performance.now() - from));
    size = Math.min(Math.max(fitting, least), 2 * size, most);
    await letOthersIn();
    return result;
  };
};

/**
 * For what comes by itself, such as answers of a thread: all that have come are else handled, with all that follows from
 * each, before anybody else gets a turn. Does one after the other, in order, and goes on in the next turn when one is over.
 */
export const createTurnTaking = (): ((work: () => void) => void) => {
  const waiting: (() => void)[] = [];
  let since: number | undefined;
  const isOver = (): boolean => since !== undefined && performance.now() - since >= TURN;

  const begin = (): void => {
    since = performance.now();
    setImmediate(() => {
      since = undefined;
      if (waiting.length === 0) return;
      begin();
      next();
    });
  };
  const next = (): void => {
    waiting.shift()?.();
    if (waiting.length > 0) afterAllThatFollows(() => !isOver() && next());
  };

  return (work) => {
    if (since === undefined) begin();
    if (waiting.length > 0 || isOver()) waiting.push(work);
    else work();
  };
};

/** Ticks are handled when no promise has anything left to do. */
const afterAllThatFollows = (work: () => void): void => queueMicrotask(() => process.nextTick(work));

/** For work whose steps are large anyway. */
export const letOthersIn = () => new Promise<void>((resolve) => setImmediate(resolve));
