/** What several runs of one measurement gave. */
export type Spread = { median: number; min: number; max: number; values: number[] };

/** The value below which the part `q` (0 to 1) of all values lies, between two neighbours by straight line. */
export const quantile = (values: readonly number[], q: number): number => {
  if (values.length === 0) throw new RangeError('No values to take a quantile of');
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const below = sorted[Math.floor(at)] as number;
  const above = sorted[Math.ceil(at)] as number;
  return below + (above - below) * (at - Math.floor(at));
};

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export const spread = (values: readonly number[]): Spread => ({
  median: median(values),
  min: Math.min(...values),
  max: Math.max(...values),
  values: [...values],
});

/** Run by run, as both were measured one right after the other: what slowed the machine then slowed both. */
export const ratios = (ours: readonly number[], floor: readonly number[]): Spread => {
  if (ours.length !== floor.length) throw new RangeError('Every run needs its floor');
  return spread(ours.map((value, run) => value / (floor[run] as number)));
};
