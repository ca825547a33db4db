/** Bytes for people: `512 B`, `1.5 kB`, `3.2 MB`. */
export const bytes = (count: number): string => {
  if (count < 1000) return `${Math.round(count)} B`;
  const power = Math.min(Math.floor(Math.log10(count) / 3), UNITS.length - 1);
  const amount = count / 1000 ** power;
  return `${amount < 99.95 ? amount.toFixed(1) : Math.round(amount)} ${UNITS[power]}`;
};

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `1,234`. */
export const whole = (count: number): string => String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');

/** `1 file`, `2,000 files`. */
export const files = (count: number): string => `${whole(count)} ${count === 1 ? 'file' : 'files'}`;

/** `0:07`, `12:34`, `3:00:05`. */
export const duration = (seconds: number): string => {
  const all = Math.round(seconds);
  const parts = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, at) => (at === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
};

/** A time of the API without its fraction of a second. */
export const second = (timestamp: string): string => timestamp.replace(/(?<=T[\d:]{8})\.\d+/, '');
