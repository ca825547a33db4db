import { bytes, duration, files, whole } from './amounts.ts';
import type { Measured, Progress } from './progress-meter.ts';

/** As a line of its own, for logs. */
export const progressSentence = (progress: Progress, measured: Measured): string =>
  `${progress.what}: ${[amount(progress), ...rates(progress, measured), progress.trouble].filter((part) => part !== '').join(', ')}`;

const NARROWEST_BAR = 10;
const WIDEST_BAR = 30;

/** As one line of a terminal, no wider than that: a bar where there is room for one. */
export const progressBar = (progress: Progress, measured: Measured, width: number): string => {
  const { fraction } = measured;
  const percent = fraction === null ? '' : `${Math.floor(fraction * 100)} %`.padStart(5);
  const words = [percent, amount(progress), ...rates(progress, measured), progress.trouble];
  const rest = words.filter((part) => part !== '').join('  ');
  const room = Math.min(WIDEST_BAR, width - progress.what.length - rest.length - 4);
  const line =
    fraction === null || room < NARROWEST_BAR
      ? `${progress.what}  ${rest}`
      : `${progress.what}  ${bar(fraction, room)}  ${rest}`;
  return line.slice(0, width);
};

const bar = (fraction: number, width: number): string => {
  const full = Math.floor(fraction * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
};

const amount = ({ files: done, totalFiles, bytes: sent }: Progress): string => {
  const counted = totalFiles === null ? files(done) : `${whole(done)} of ${files(totalFiles)}`;
  if (sent === undefined) return counted;
  return `${counted}, ${bytes(sent.done)}${sent.total === null ? '' : ` of ${bytes(sent.total)}`}`;
};

const rates = (progress: Progress, { filesPerSecond, bytesPerSecond, secondsLeft }: Measured): string[] => [
  filesPerSecond === null || filesPerSecond === 0 ? '' : `${rate(filesPerSecond)} files/s`,
  bytesPerSecond === null || bytesPerSecond === 0 ? '' : `${bytes(bytesPerSecond)}/s`,
  secondsLeft === null || progress.files === progress.totalFiles ? '' : `${duration(secondsLeft)} left`,
];

const rate = (perSecond: number): string => (perSecond < 10 ? perSecond.toFixed(1) : whole(perSecond));
