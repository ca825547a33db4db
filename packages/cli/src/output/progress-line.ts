import { printable } from './printable.ts';

/** As much of a stream as is written to here. */
export type Screen = { isTTY?: boolean; columns?: number; write(text: string): unknown };

export type ProgressLine = {
  /** Puts this in place of what is shown. Too soon after the last time it does nothing: more is coming. */
  show(text: string): void;
  /** Makes room for other lines. */
  clear(): void;
};

const PAUSE_MS = 100;

/** One line that is written over and over. Nothing at all where the screen is no terminal. */
export const progressLine = (screen: Screen, now: () => number = () => performance.now()): ProgressLine => {
  let shownAt = Number.NEGATIVE_INFINITY;
  let shown = false;
  return {
    show: (text) => {
      if (screen.isTTY !== true || now() - shownAt < PAUSE_MS) return;
      shownAt = now();
      shown = true;
      // A line that wraps could not be written over.
      screen.write(`\r${printable(text).slice(0, (screen.columns || 80) - 1)}\u001b[K`);
    },
    clear: () => {
      if (shown) screen.write('\r\u001b[K');
      shown = false;
      shownAt = Number.NEGATIVE_INFINITY;
    },
  };
};
