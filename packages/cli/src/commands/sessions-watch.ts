import { setTimeout } from 'node:timers/promises';
import type { UploadSessionStatus } from '@sluice/contract';
import { defineCommand, TIMEOUT_OPTION } from '../command-line/command.ts';
import { EXIT } from '../exit-codes.ts';
import { failureOf } from '../failure.ts';
import type { Progress } from '../output/progress-meter.ts';
import { type SessionProgress, sessionProgress } from '../session-progress.ts';
import { sessionState } from '../session-state.ts';
import { timeLimited } from '../time-limit.ts';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;

export const sessionsWatch = defineCommand({
  words: 'sessions watch',
  operands: '<id>',
  summary: 'Follow an upload session until all of its files are ingested',
  options: TIMEOUT_OPTION,
  notes: ['One that is open is followed until somebody closes it, or its time has passed.'],
  examples: ['sessions watch 019a3f0e-0000-7000-8000-000000000000'],
  run: async ({ connect, operands: [id = ''], options, workspaceName, output, signal }) => {
    const until = timeLimited(signal, options.timeoutS);
    const client = connect({ attempts: 8 }); // a server that starts anew is waited for
    let last: SessionProgress | undefined;
    try {
      for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
        const known = last?.session.status;
        const now = await sessionProgress(client, workspaceName, id, { known, signal: until });
        const { session, through } = now;
        const moved = last === undefined || state(now) !== state(last);
        if (moved || (output.json && words(now) !== words(last ?? now))) {
          output.result(session, words(now));
        }
        if (moved) pause = FIRST_PAUSE_MS;
        else output.progress(progressOf(session));
        last = now;
        if (through) {
          return session.ingestion_status.failed_files > 0 ? EXIT.someFailed : EXIT.finished;
        }
        await setTimeout(pause, undefined, { signal: until });
      }
    } catch (error) {
      if (!until.aborted || last === undefined) throw error;
      const { sentence, exitCode } = failureOf(until.reason, signal.aborted);
      output.error(sentence);
      output.error(sessionState(last.session, workspaceName));
      return exitCode;
    }
  },
});

/** Each new one is a line; the counts alone are progress, since there may be thousands of them. */
const state = ({ session: { status }, through }: SessionProgress): string =>
  through ? `${status}, ingested` : status;

const words = (progress: SessionProgress): string => {
  const { pending_files, ingestion_status } = progress.session;
  const { finished_files, failed_files } = ingestion_status;
  return `${state(progress)}: ${pending_files} pending, ${finished_files} finished, ${failed_files} failed`;
};

const progressOf = ({ total_files, ingestion_status }: UploadSessionStatus): Progress => {
  const { finished_files, failed_files } = ingestion_status;
  return {
    what: 'ingesting',
    files: finished_files + failed_files,
    totalFiles: total_files,
    trouble: failed_files > 0 ? `${failed_files} failed` : '',
  };
};
