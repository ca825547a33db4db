import { setTimeout } from 'node:timers/promises';
import type { UploadSessionStatus } from '@sluice/contract';
import { defineCommand, WORKSPACE_OPTION } from '../command-line/command.ts';
import { EXIT } from '../exit-codes.ts';
import { failureOf } from '../failure.ts';
import { sessionState } from '../session-state.ts';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;

export const sessionsWatch = defineCommand({
  words: 'sessions watch',
  operands: 'ID',
  summary: 'Follow an upload session until all of its files are ingested',
  options: WORKSPACE_OPTION,
  notes: ['One that is open is followed until somebody closes it, or its time has passed.'],
  examples: ['sessions watch 019a3f0e-0000-7000-8000-000000000000'],
  run: async ({ connect, operands: [id = ''], workspaceName, output, signal }) => {
    const client = connect({ attempts: 8 }); // a server that starts anew is waited for
    let last: UploadSessionStatus | undefined;
    try {
      for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
        const session = await client.uploadSessions.get(workspaceName, id, { signal });
        if (session.ingested_at === undefined) {
          throw new Error('This server does not tell when a session is through.'); // ours does, others only count
        }
        const moved = last === undefined || state(session) !== state(last);
        if (moved || (output.json && words(session) !== words(last ?? session))) {
          output.result(session, words(session));
        }
        if (moved) pause = FIRST_PAUSE_MS;
        else output.progress(words(session));
        last = session;
        if (session.ingested_at !== null) {
          return session.ingestion_status.failed_files > 0 ? EXIT.someFailed : EXIT.finished;
        }
        await setTimeout(pause, undefined, { signal });
      }
    } catch (error) {
      if (!signal.aborted || last === undefined) throw error;
      output.error(failureOf(error, true).sentence);
      output.error(sessionState(last, workspaceName));
      return EXIT.interrupted;
    }
  },
});

/** Each new one is a line; the counts alone are progress, since there may be thousands of them. */
const state = ({ status, ingested_at }: UploadSessionStatus): string =>
  ingested_at === null ? status : `${status}, ingested`;

const words = (session: UploadSessionStatus): string => {
  const { finished_files, failed_files } = session.ingestion_status;
  return `${state(session)}: ${session.pending_files} pending, ${finished_files} finished, ${failed_files} failed`;
};
