import { readPath } from '@sluice/client/node';
import type { WriteMode } from '@sluice/contract';
import { sidecarNameOf } from '@sluice/contract/plain';
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
  /** Rows of files in whose place another one was taken: sent now, they would replace it. */
  superseded: ReportRow[];
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
  const taken = new Set(rows.filter((row) => !hasGivenWay(row)).flatMap(namesOf));
  const isSuperseded = (row: ReportRow) => hasGivenWay(row) && taken.has(row.name);
  const superseded = rows.filter(isSuperseded);
  const left = rows.filter((row) => row.status !== 'finished' && !isSuperseded(row));
  return {
    inputs: left.flatMap(({ name, path: file, sidecar_path }) => [
      { name, body: { path: readPath(file) } },
      ...(sidecar_path === null
        ? []
        : [{ name: sidecarNameOf(name), body: { path: readPath(sidecar_path) } }]),
    ]),
    workspaceName: first.workspace_name,
    writeMode: first.write_mode,
    finished,
    superseded,
    openSessions: left.some(isUnknown) ? sessionIds : [],
  };
};

const hasGivenWay = ({ reason }: ReportRow): boolean => reason === 'SAME_NAME';

/** A sidecar has no row of its own where it goes with its file. */
const namesOf = ({ name, sidecar_path }: ReportRow): string[] =>
  sidecar_path === null ? [name] : [name, sidecarNameOf(name)];

/** What was given to the server, or may have been: it is to be asked. */
const isUnknown = ({ status, reason }: ReportRow): boolean =>
  status === 'not_sent' || status === 'pending' || reason === 'NOT_SENT';
