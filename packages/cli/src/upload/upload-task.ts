import type { WriteMode } from '@sluice/contract';
import type { ReportRow } from '../report/report-row.ts';
import { readReport } from '../report/report-writer.ts';
import { UsageError } from '../usage-error.ts';
import { earlierRun } from './earlier-report.ts';
import { type FileInput, findInputs } from './find-inputs.ts';

/** What an upload is to do: that of the paths it was given, or what is left of an earlier run. */
export type UploadTask = {
  inputs: FileInput[];
  workspaceName: string;
  writeMode: WriteMode;
  reportPath: string | null;
  /** Rows of an earlier run that stay as they are. */
  kept: ReportRow[];
  /** Earlier sessions that may have some of the inputs, in their order. */
  sessionIds: string[];
};

/** As the command line says it. */
export type TaskRequest = {
  operands: readonly string[];
  workspaceName: string;
  options: {
    writeMode?: WriteMode;
    recursive?: boolean;
    useType?: readonly string[];
    report?: string;
    fromReport?: string;
    resume?: readonly string[];
    workspaceName?: string;
  };
};

/** @throws UsageError where that cannot be meant, or there is nothing at a path */
export const uploadTask = ({ operands, workspaceName, options }: TaskRequest): Promise<UploadTask> => {
  const { fromReport } = options;
  if (fromReport === undefined) return taskOfPaths({ operands, workspaceName, options });
  if (operands.length > 0) throw new UsageError('Give either paths or --from-report, not both.');
  if (options.resume !== undefined) throw new UsageError('A report knows its sessions; leave out --resume.');
  return taskOfReport(fromReport, options);
};

const taskOfPaths = async ({ operands, workspaceName, options }: TaskRequest): Promise<UploadTask> => {
  if (operands.length === 0) throw new UsageError('Give the files and folders to upload, or --from-report.');
  const { recursive = true, useType = [], writeMode = 'KEEP', report = null, resume = [] } = options;
  const types = useType.flatMap((given) => given.split(',')).filter((type) => type.trim() !== '');
  // Of an option that says nothing, every file would be sent.
  if (useType.length > 0 && types.length === 0) throw new UsageError('--use-type names no end of a name.');
  return {
    inputs: await findInputs(operands, { recursive, fileTypes: types.map((type) => type.trim()) }),
    workspaceName,
    writeMode,
    reportPath: report,
    kept: [],
    sessionIds: [...resume],
  };
};

const taskOfReport = async (path: string, options: TaskRequest['options']): Promise<UploadTask> => {
  const run = earlierRun(path, await readReport(path));
  const kept = [...run.finished, ...run.superseded];
  const { workspaceName = run.workspaceName, writeMode = run.writeMode, report = path } = options;
  const sessionIds = workspaceName === run.workspaceName ? run.openSessions : [];
  return {
    inputs: run.inputs,
    kept,
    workspaceName,
    writeMode,
    reportPath: report,
    sessionIds,
  };
};
