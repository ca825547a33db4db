import {
  namesToSend,
  type UploadPlan,
  type UploadResult,
  withNameOnDisk,
  writtenPath,
} from '@sluice/client/node';
import type { WriteMode } from '@sluice/contract';
import { fileNameOfSidecar, isSidecar } from '@sluice/contract/plain';
import type { ReportRow } from '../report/report-row.ts';
import type { FileInput } from './find-inputs.ts';

export type UploadRows = {
  /** Of a run that is about to send. */
  planned(sessionIds: readonly string[]): ReportRow[];
  /** Of a run that has ended: results stand in the order of the inputs. */
  ended(results: readonly UploadResult[], sessionIds: readonly string[]): ReportRow[];
};

/** Makes the rows of a report: one for each input but the sidecars that go with their files. */
export const uploadRows = (
  inputs: readonly FileInput[],
  { files, problems }: UploadPlan,
  { workspaceName, writeMode }: { workspaceName: string; writeMode: WriteMode },
): UploadRows => {
  const sidecarPaths = new Map<string, string>();
  for (const [input, name] of namesToSend(inputs.map((one) => one.name)).entries()) {
    const { path } = (inputs[input] as FileInput).body;
    if (isSidecar(name)) sidecarPaths.set(fileNameOfSidecar(name), writtenPath(path));
  }
  const parts = [
    ...files.map(({ input, name, nameOnDisk, content }) => ({
      input,
      name,
      size: content.size,
      problem: null,
      message: nameOnDisk === undefined ? null : withNameOnDisk(null, nameOnDisk),
    })),
    ...problems.map((problem) => ({
      input: problem.input,
      name: problem.name,
      size: null,
      problem,
      message: problem.message,
    })),
  ].sort((a, b) => a.input - b.input);

  const row = (
    part: (typeof parts)[number],
    sessionIds: readonly string[],
    outcome: Pick<ReportRow, 'status' | 'reason' | 'message' | 'file_id' | 'size'>,
  ): ReportRow => ({
    name: part.name,
    ...outcome,
    path: writtenPath(inputs[part.input]?.body.path ?? ''),
    sidecar_path: sidecarPaths.get(part.name) ?? null,
    session_id: sessionIds.length === 0 ? null : sessionIds.join(' '),
    workspace_name: workspaceName,
    write_mode: writeMode,
  });

  return {
    planned: (sessionIds) =>
      parts.map((part) => {
        const { size, problem, message } = part;
        const state = problem
          ? { status: 'skipped' as const, reason: problem.code, message }
          : { status: 'not_sent' as const, reason: null, message };
        return row(part, sessionIds, { ...state, file_id: null, size });
      }),
    ended: (results, sessionIds) =>
      results.map(({ status, reason, message, fileId, size }, at) =>
        row(parts[at] as (typeof parts)[number], sessionIds, {
          status,
          reason,
          message,
          file_id: fileId,
          size,
        }),
      ),
  };
};
