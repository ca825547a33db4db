import { needNumber, needText, refuseUnset } from '../../argument-error.ts';
import { ApiError } from '../../http/api-error.ts';
import { ConnectionError } from '../../http/connection-error.ts';
import type { RetryPolicy } from '../../http/retry-timing.ts';
import { jsonText } from '../../json/json-text.ts';
import {
  abortSignal,
  boolean,
  callback,
  needOptions,
  oneOf,
  plain,
  type Requirement,
} from '../../options.ts';
import type { File, Files } from '../../resources/files.ts';
import type { ListFilesOptions, Workflows } from '../../workflows.ts';
import { fetchContent } from './fetch-content.ts';
import { makeFolder } from './folders.ts';
import { type PartialFile, partialFiles } from './partial-files.ts';
import { addSidecar, placeFile } from './place-file.ts';
import { createPlaces, type Place } from './places.ts';
import { type Target, targetOf, targetStill } from './target.ts';

const AT_A_TIME = 8;

/** Files in a row that the server has no answer for, after all their tries, until the rest is given up. */
const GIVE_UP_AFTER = 10;

export type DownloadOptions = Omit<ListFilesOptions, 'batchSize'> & {
  /** Which files, in place of what `name` and `filter` find. */
  files?: Iterable<File> | AsyncIterable<File>;
  /** Saves metadata beside each file, as `<name>.meta.json`; true where absent. */
  includeMetadata?: boolean;
  /**
   * A name that is taken: `number` saves as `<name>_1`; `skip` leaves out what is there already, a file of that name and
   * size or its sidecar, each for itself, so that a download can be run again and brings what is missing. Of files with one
   * name the first in the list has the name, the next `<name>_1`: list them in the same order, and all of them.
   */
  existing?: 'number' | 'skip';
  /** Files fetched at a time; 8 where absent. */
  concurrency?: number;
  /** Called for each file as it ends. */
  onResult?: (result: DownloadResult) => void;
  /** Called with the bytes that have come since the last time. */
  onBytes?: (bytes: number) => void;
};

export type DownloadResult = {
  fileId: string;
  /** In the workspace. */
  name: string;
  /** Bytes, as the list says. */
  size: number;
  status: 'saved' | 'skipped' | 'failed';
  /** Where it is on disk, unless it failed. */
  path: string | null;
  /** Why it failed, or what is to be known of its sidecar, in a sentence. */
  message: string | null;
};

export type Download = {
  saved: number;
  skipped: number;
  failed: number;
  /** In the order in which they ended. */
  results: DownloadResult[];
};

export type DownloadFiles = (
  workspace: string,
  folder: string,
  options?: DownloadOptions,
) => Promise<Download>;

export type DownloadTools = {
  files: Files;
  listFiles: Workflows['listFiles'];
  retry: RetryPolicy;
  stallTimeoutMs: number;
};

/**
 * Saves files of a workspace into a folder, which is made where there is none. Names that mean something to a file
 * system are changed so that they do not; nothing is written outside of the folder, nor over anything. What goes wrong
 * with one file is in the results. What would go wrong with the next one as well is thrown; what has come of the files
 * under way then stays in `.sluice-partial` in the folder, and a further run goes on from there; one at a time.
 */
export const createDownloadFiles =
  ({ files, listFiles, retry, stallTimeoutMs }: DownloadTools): DownloadFiles =>
  async (workspace, folder, options = {}) => {
    const { includeMetadata = true, existing = 'number', concurrency = AT_A_TIME } = plain(options);
    needText(folder, 'folder');
    refuseUnset(options, ['files', 'name', 'filter']);
    needNumber(concurrency, 1, 'concurrency');
    needOptions(options, OPTIONS);
    const download: Download = { saved: 0, skipped: 0, failed: 0, results: [] };
    const ended = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, ended.signal]) : ended.signal;
    signal.throwIfAborted();
    await makeFolder(folder);
    const partials = await partialFiles(folder, signal);
    const places = createPlaces(existing, includeMetadata);
    let failedInARow = 0;

    const note = (file: File, outcome: Pick<DownloadResult, 'status' | 'path' | 'message'>) => {
      const result = { fileId: file.file_id, name: file.name, size: file.size, ...outcome };
      download[result.status]++;
      download.results.push(result);
      options.onResult?.(result);
    };

    const sidecarOf = (file: File) => (includeMetadata ? `${jsonText(file.meta, { indent: 2 })}\n` : null);

    const save = async ({ file, target, place }: Decided): Promise<void> => {
      let partial: PartialFile | null = null;
      try {
        partial = await partials.open(file.file_id);
        const { onBytes } = options;
        const settings = { files, workspace, retry, stallTimeoutMs, signal, ...(onBytes ? { onBytes } : {}) };
        await fetchContent(file.file_id, partial, settings).finally(partial.close);
        const sidecar = { text: sidecarOf(file), mayBeThere: existing === 'skip' };
        const still = await targetStill(target, folder, file.name);
        let { path, number, there } = still === target ? place : await places.claim(still, file.size);
        let beside = there ? null : await placeFile(partial.path, path, sidecar);
        while (beside === null && !there) {
          ({ path, number, there } = await places.claim(still, file.size, number + 1));
          beside = there ? null : await placeFile(partial.path, path, sidecar);
        }
        await partial.remove();
        failedInARow = 0;
        if (there) await skip(file, path);
        else note(file, { status: 'saved', path, message: beside === 'other' ? OTHER_SIDECAR : null });
      } catch (error) {
        if (signal.aborted) throw error;
        const message = ownTrouble(error, ++failedInARow);
        if (message === null) throw error;
        if (error instanceof ApiError && error.code === 'NOT_FOUND') {
          failedInARow = 0;
          await partial?.remove();
        }
        note(file, { status: 'failed', path: null, message });
      }
    };

    const skip = async (file: File, path: string): Promise<void> => {
      const beside = await addSidecar(path, sidecarOf(file));
      await partials.forget(file.file_id);
      note(file, { status: 'skipped', path, message: beside === 'written' ? NEW_SIDECAR : null });
    };

    const listing = { ...options, signal, exactNumbers: true };
    const wanted = (async function* (): AsyncGenerator<Decided> {
      for await (const file of options.files ?? rowsOf(listFiles(workspace, listing))) {
        signal.throwIfAborted();
        const target = await targetOf(folder, file.name);
        const place = await places.claim(target, file.size);
        if (place.there) await skip(file, place.path);
        else yield { file, target, place };
      }
    })();
    const worker = async () => {
      try {
        for await (const decided of wanted) await save(decided);
      } catch (error) {
        ended.abort(error);
        throw error;
      }
    };
    const workers = await Promise.allSettled(Array.from({ length: Math.max(1, concurrency) }, worker));
    await partials.close();
    options.signal?.throwIfAborted();
    if (ended.signal.aborted) throw ended.signal.reason; // the first that failed, and why the others did
    for (const one of workers) if (one.status === 'rejected') throw one.reason;
    return download;
  };

type Decided = { file: File; target: Target; place: Place };

const NEW_SIDECAR = 'Its metadata was missing and has been saved.';
const OTHER_SIDECAR =
  'A sidecar was there without its file, with other metadata than the file has now: it stays.';
/** One row alone, or a text, would be none. */
const manyRows: Requirement = (rows) =>
  typeof rows === 'object' && rows !== null && (Symbol.iterator in rows || Symbol.asyncIterator in rows)
    ? null
    : 'a list of files';

const OPTIONS = {
  files: manyRows,
  existing: oneOf(['number', 'skip']),
  includeMetadata: boolean,
  includeTemporary: boolean,
  onResult: callback,
  onBytes: callback,
  signal: abortSignal,
};

async function* rowsOf(batches: AsyncIterable<File[]>): AsyncGenerator<File, void, undefined> {
  for await (const batch of batches) yield* batch;
}

/** What is wrong with this file alone, in a sentence; null where it would be so with the next one. */
const ownTrouble = (error: unknown, failedInARow: number): string | null => {
  if (error instanceof ApiError && error.code === 'NOT_FOUND') return 'It is not there any more.';
  const mayBeAlone =
    error instanceof ConnectionError ||
    (error instanceof ApiError && (error.status >= 500 || error.status === 429));
  return mayBeAlone && failedInARow < GIVE_UP_AFTER ? error.message : null;
};
