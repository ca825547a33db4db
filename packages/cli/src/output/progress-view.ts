import { type Progress, progressMeter } from './progress-meter.ts';
import { progressBar, progressSentence } from './progress-text.ts';
import type { Screen } from './screen.ts';

export type ProgressView = {
  /** Puts this in place of what is shown. Too soon after the last time it does nothing: more is coming. */
  show(progress: Progress): void;
  /** Makes room for other lines. */
  clear(): void;
};

const DRAW_MS = 100;
const LINE_MS = 5_000;

/**
 * A bar that is drawn over and over on a terminal; elsewhere a line now and then, none at all for what is soon over.
 */
export const progressView = (screen: Screen, now: () => number = () => performance.now()): ProgressView => {
  const measure = progressMeter();
  const terminal = screen.isTTY === true;
  let shownAt = terminal ? Number.NEGATIVE_INFINITY : now();
  let shown = false;
  return {
    show: (progress) => {
      const at = now();
      const measured = measure(progress, at);
      if (at - shownAt < (terminal ? DRAW_MS : LINE_MS)) return;
      shownAt = at;
      if (!terminal) return void screen.write(`sluice: ${progressSentence(progress, measured)}\n`);
      shown = true;
      // A line that wraps could not be drawn over, and a terminal adds ^C to it when somebody has had enough.
      const columns = (screen.columns || 80) - 1 - '^C'.length;
      screen.write(`\r${progressBar(progress, measured, columns)}\u001b[K`);
    },
    clear: () => {
      if (!shown) return;
      screen.write('\r\u001b[K');
      shown = false;
      shownAt = Number.NEGATIVE_INFINITY;
    },
  };
};
