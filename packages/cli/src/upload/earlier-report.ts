import { setTimeout } from 'node:timers/promises';
import type { NodeClient, UploadOptions, UploadResult } from '@sluice/client/node';
import { sidecarNameOf, type WriteMode } from '@sluice/contract';
import type { Report } from '../report/report-format.ts';
import type { ReportRow } from '../report/report-row.ts';
import { UsageError } from '../usage-error.ts';
import type { FileInput } from './find-inputs.ts';

export type EarlierRun = {
  inputs: FileInput[];
  workspaceName: string;
  writeMode: WriteMode;
  /** Rows of files that finished, whatever comes now. */
  finished: ReportRow[];
  /** Sessions that may hold files of which the report does not know what became. */
  openSessions: string[];
};

/**
 * What is left to do of the run that a report tells of: all that did not finish.
 * @throws UsageError where it tells of none
 */
export const earlierRun = (path: string, { rows, sessionIds }: Report): EarlierRun => {
  const first = rows[0];
  if (first === undefined) throw new UsageError(`There is no file in ${path}.`);
  const finished = rows.filter(({ status }) => status === 'finished');
  const left = rows.filter(({ status }) => status !== 'finished');
  return {
    inputs: left.flatMap(({ name, path: file, sidecar_path }) => [
      { name, body: { path: file } },
      ...(sidecar_path === null ? [] : [{ name: sidecarNameOf(name), body: { path: sidecar_path } }]),
    ]),
    ...{ workspaceName: first.workspace_name, writeMode: first.write_mode, finished },
    openSessions: left.some(isUnknown) ? sessionIds : [],
  };
};

/** What was given to the server, or may have been: it is to be asked. */
const isUnknown = ({ status, reason }: ReportRow): boolean =>
  status === 'not_sent' || status === 'pending' || reason === 'NOT_SENT';

const ASK_MS = 1_000;

/**
 * What the client needs to know of earlier sessions so as to send nothing twice. It looks into the last one itself;
 * those before it were closed, so that they only have to be waited for.
 */
export const resumeFrom = async (
  sessionIds: readonly string[],
  { client, workspaceName, signal }: { client: NodeClient; workspaceName: string; signal: AbortSignal },
): Promise<NonNullable<UploadOptions['resume']>> => {
  const results: Pick<UploadResult, 'name' | 'status' | 'fileId' | 'size'>[] = [];
  const { uploadSessions } = client;
  for (const sessionId of sessionIds.slice(0, -1)) {
    for (;;) {
      const rows = await Array.fromAsync(uploadSessions.allFiles(workspaceName, sessionId, {}, { signal }));
      if (rows.some(({ ingestion_status }) => ingestion_status === 'PENDING')) {
        await setTimeout(ASK_MS, undefined, { signal });
        continue;
      }
      for (const { name, ingestion_status, file_id = null, size = null } of rows) {
        if (ingestion_status === 'FINISHED')
          results.push({ name, status: 'finished', fileId: file_id, size });
      }
      break;
    }
  }
  const sessionId = sessionIds.at(-1);
  return { results, ...(sessionId === undefined ? {} : { sessionId }) };
};
