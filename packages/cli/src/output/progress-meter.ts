/** How far something is. Each `what` is measured on its own. */
export type Progress = {
  /** `sending`, `ingesting`, `saving`. */
  what: string;
  files: number;
  /** Null where it is not known how many there will be. */
  totalFiles: number | null;
  /** Absent where bytes say nothing. */
  bytes?: { done: number; total: number | null };
  /** What went wrong so far, in words; empty where nothing did. */
  trouble: string;
};

export type Measured = {
  /** From 0 to 1. */
  fraction: number | null;
  filesPerSecond: number | null;
  bytesPerSecond: number | null;
  secondsLeft: number | null;
};

/** Rates are those of so many milliseconds: over fewer they jump, over more they tell of what is long past. */
const WINDOW_MS = 10_000;
const SAMPLE_MS = 250;

/** Sending a file costs as much as sending so many bytes of one that is under way. */
const FILE_COST_BYTES = 16_384;

type Sample = { at: number; files: number; bytes: number; fraction: number | null };

/** Measures rates over time, not over a number of updates, of which there may be thousands a second or one a minute. */
export const progressMeter = (): ((progress: Progress, now: number) => Measured) => {
  let what: string | null = null;
  let samples: Sample[] = [];
  return (progress, now) => {
    if (progress.what !== what) samples = [];
    what = progress.what;
    const sample = {
      at: now,
      files: progress.files,
      bytes: progress.bytes?.done ?? 0,
      fraction: fractionOf(progress),
    };
    if (now - (samples.at(-1)?.at ?? Number.NEGATIVE_INFINITY) >= SAMPLE_MS) samples.push(sample);
    while (samples.length > 2 && now - (samples[1] as Sample).at > WINDOW_MS) samples.shift();

    const first = samples[0] as Sample;
    const seconds = (now - first.at) / 1000;
    if (seconds < SAMPLE_MS / 1000) {
      return { fraction: sample.fraction, filesPerSecond: null, bytesPerSecond: null, secondsLeft: null };
    }
    const fractionRate = ((sample.fraction ?? 0) - (first.fraction ?? 0)) / seconds;
    return {
      fraction: sample.fraction,
      filesPerSecond: (sample.files - first.files) / seconds,
      bytesPerSecond: progress.bytes ? (sample.bytes - first.bytes) / seconds : null,
      secondsLeft: sample.fraction !== null && fractionRate > 0 ? (1 - sample.fraction) / fractionRate : null,
    };
  };
};

const fractionOf = ({ files, totalFiles, bytes }: Progress): number | null => {
  if (totalFiles === null) return null;
  const done = files * FILE_COST_BYTES + (bytes?.total == null ? 0 : bytes.done);
  const total = totalFiles * FILE_COST_BYTES + (bytes?.total ?? 0);
  return total === 0 ? 1 : Math.min(1, done / total);
};
