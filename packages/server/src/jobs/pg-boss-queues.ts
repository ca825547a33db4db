import type { Queue } from 'pg-boss';

/** Where pg-boss keeps its tables, beside those of the rows. */
export const JOBS_SCHEMA = 'sluice_jobs';

/** Copies of jobs that came to nothing after all their tries, for the operator. */
export const DEAD_LETTERS = 'dead_letters';

const DAY = 24 * 3600;

export const DEAD_LETTER_QUEUE: Omit<Queue, 'name'> = { retentionSeconds: 7 * DAY };

/**
 * Of jobs with one key at most one waits, runs, or rests between two tries: so what one worker does no other begins, and
 * an outage does not pile up jobs. A job turned away for that is no loss, since the sweep looks again.
 */
export const QUEUE: Omit<Queue, 'name'> = {
  policy: 'exclusive',
  notify: true,
  deadLetter: DEAD_LETTERS,
  // A worker that dies stops its heartbeats, and its job goes to another; 10 is the shortest pg-boss takes.
  heartbeatSeconds: 10,
  // Not a limit on work that goes on: heartbeats tell that.
  expireInSeconds: 23 * 3600,
  // About two minutes of tries; the longest wait is also how long work rests after an outage has ended.
  retryLimit: 10,
  retryBackoff: true,
  retryDelay: 1,
  retryDelayMax: 15,
  // Rows say what was done; these would only make the table large.
  deleteAfterSeconds: 60,
};
