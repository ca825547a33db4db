import type { TransferProgress } from '../../service/transfer/transfer.ts';

/** Milliseconds between two lines. */
const EVERY = 5000;

/** Writes a line when a phase begins and now and then while it lasts. `end` stops that. */
export const showProgress = (write: (line: string) => void): TransferProgress & { end: () => void } => {
  let phase = '';
  let total = 0;
  let count = 0;
  let bytes = 0;
  const show = (): void => {
    if (phase === '') return;
    const of = total > 0 ? `${count} of ${total}` : `${count}`;
    write(`${phase}: ${of}${bytes > 0 ? `, ${sizeText(bytes)}` : ''}`);
  };
  const timer = setInterval(show, EVERY);
  timer.unref();
  return {
    begin: (name, rows) => {
      [phase, total, count, bytes] = [name, rows, 0, 0];
      write(`${phase}${total > 0 ? `: ${total} to go through` : ''}`);
    },
    add: (rows, more) => {
      count += rows;
      bytes += more;
    },
    end: () => clearInterval(timer),
  };
};

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `61.3 kB`, of 1,000 bytes each. */
export const sizeText = (bytes: number): string => {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(unit === 0 ? 0 : 1)} ${UNITS[unit]}`;
};
