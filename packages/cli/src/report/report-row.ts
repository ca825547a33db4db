import type { WriteMode } from '@sluice/contract';
import { WRITE_MODES } from '@sluice/contract/plain';

/** `not_sent`: it was about to be; only the server knows how far that came. The others are those of the client. */
export const REPORT_STATUSES = ['not_sent', 'finished', 'failed', 'skipped', 'pending'] as const;
export type ReportStatus = (typeof REPORT_STATUSES)[number];

/** What is known of one file. A later row of the same path and name goes before an earlier one. */
export type ReportRow = {
  name: string;
  status: ReportStatus;
  reason: string | null;
  /** The reason in a sentence. */
  message: string | null;
  /** The file in the workspace, once finished. */
  file_id: string | null;
  /** Bytes. */
  size: number | null;
  /** Where it is on this machine, absolute; a `file:` URL where that is no UTF-8. */
  path: string;
  sidecar_path: string | null;
  /** The session of the run, or several with blanks between; null where there was none. */
  session_id: string | null;
  workspace_name: string;
  write_mode: WriteMode;
};

/** The columns of a report, in their order. */
export const REPORT_COLUMNS = [
  'name',
  'status',
  'reason',
  'message',
  'file_id',
  'size',
  'path',
  'sidecar_path',
  'session_id',
  'workspace_name',
  'write_mode',
] as const satisfies readonly (keyof ReportRow)[];

/** A row read from a file, or null where it cannot be one. */
export const asReportRow = (value: unknown): ReportRow | null => {
  if (typeof value !== 'object' || value === null) return null;
  const given = value as Record<string, unknown>;
  const text = (column: keyof ReportRow): string | null =>
    typeof given[column] === 'string' && given[column] !== '' ? given[column] : null;
  const status = REPORT_STATUSES.find((one) => one === given.status);
  const write_mode = WRITE_MODES.find((one) => one === given.write_mode);
  const [name, path, workspace_name] = [text('name'), text('path'), text('workspace_name')];
  if (status === undefined || write_mode === undefined) return null;
  if (name === null || path === null || workspace_name === null) return null;
  const size = given.size === null || given.size === '' ? null : Number(given.size);
  return {
    name,
    status,
    path,
    workspace_name,
    write_mode,
    size: Number.isFinite(size) ? size : null,
    reason: text('reason'),
    message: text('message'),
    file_id: text('file_id'),
    sidecar_path: text('sidecar_path'),
    session_id: text('session_id'),
  };
};
