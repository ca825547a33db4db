/** Bytes for people: `512 B`, `1.5 kB`, `3.2 MB`. */
export const bytes = (count: number): string => {
  if (count < 1000) return `${count} B`;
  const power = Math.min(Math.floor(Math.log10(count) / 3), UNITS.length - 1);
  const amount = count / 1000 ** power;
  return `${amount < 99.95 ? amount.toFixed(1) : Math.round(amount)} ${UNITS[power]}`;
};

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `1 file`, `2 files`. */
export const files = (count: number): string => `${count} ${count === 1 ? 'file' : 'files'}`;

/** A time of the API without its fraction of a second. */
export const second = (timestamp: string): string => timestamp.replace(/(?<=T[\d:]{8})\.\d+/, '');
