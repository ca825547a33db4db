import { constants, type FileHandle, open, readFile, rename, rm, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../sync-folder.ts';
import { UsageError } from '../usage-error.ts';
import { parseReport, type Report, reportFormat } from './report-format.ts';
import type { ReportRow } from './report-row.ts';

export type ReportWriter = {
  /** Adds rows, which are on their way to the disk when this resolves: killed now, the process leaves them behind. */
  add(rows: readonly ReportRow[]): Promise<void>;
  /** Puts these rows in place of all there are, each once, and ends the report. */
  finish(rows: readonly ReportRow[]): Promise<void>;
};

const AT_A_TIME = 1_000;

/**
 * Begins a report beside its place and puts it there with its first rows, so that a report that is there stays until
 * there is more to say than it says.
 * @throws UsageError where it cannot be written
 */
export const openReport = async (path: string): Promise<ReportWriter> => {
  const { head, line } = reportFormat(path);
  const fresh = `${path}.new`;
  const write = async (rows: readonly ReportRow[]) => {
    const file = await make(fresh);
    try {
      await file.write(head);
      for (let at = 0; at < rows.length; at += AT_A_TIME) {
        await file.write(
          rows
            .slice(at, at + AT_A_TIME)
            .map(line)
            .join(''),
        );
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, path);
    await syncFolder(dirname(path));
  };
  let begun = false;
  await (await make(fresh).catch(unwritable)).close();
  await rm(fresh);
  return {
    add: async (rows) => {
      if (!begun) {
        begun = true;
        return write(rows);
      }
      const file = await open(path, APPEND);
      try {
        await file.write(rows.map(line).join(''));
      } finally {
        await file.close();
      }
    },
    finish: write,
  };
};

/** In place of what a run that was killed left there, or of a link that somebody else put there. */
const make = async (path: string): Promise<FileHandle> => {
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  return open(path, 'wx');
};

/** The report is there by then, made by this run: a link in its place is somebody else's. */
const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);

const unwritable = (error: unknown): never => {
  throw new UsageError(`The report cannot be written: ${error instanceof Error ? error.message : error}.`);
};

/** @throws UsageError where there is none */
export const readReport = async (path: string): Promise<Report> => {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`The report cannot be read: ${error instanceof Error ? error.message : error}.`);
  });
  return parseReport(path, text);
};
