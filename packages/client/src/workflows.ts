import type {
  BulkUpdateMetadataResult,
  ListFilesQuery,
  ListUploadSessionsQuery,
  UploadSession,
  UploadSessionStatus,
} from '@sluice/contract';
import { ArgumentError, needNumber, needTexts, refuseUnset, shown } from './argument-error.ts';
import { forEachConcurrently } from './for-each-concurrently.ts';
import { ApiError } from './http/api-error.ts';
import type { RequestOptions } from './http/request.ts';
import { pathOf } from './http/request-path.ts';
import { changesOf, type MetadataInput, metadataText } from './metadata.ts';
import { boolean, needOptions, plain, wholeNumber } from './options.ts';
import type { File, Files, MetadataOptions } from './resources/files.ts';
import type { UploadSessions } from './resources/upload-sessions.ts';

/** Rows of a batch where nothing is said, and at most: what a page of the API can hold. */
const BATCH = 100;

/** What one request changes at most; characters of JSON. */
const CHANGES_AT_A_TIME = { files: 200, characters: 2_000_000 };

const DELETIONS_AT_A_TIME = 8;

export type ListFilesOptions = MetadataOptions & {
  /** Part of the name, taken literally. */
  name?: string;
  /** OData over metadata, `created_at`, `name` and `size`: `category eq 'news' and year ge 2024`. */
  filter?: string;
  /** Rows of a batch at most, 1 to 100. */
  batchSize?: number;
  /** What they are sorted by; `created_at` where absent. */
  field?: ListFilesQuery['field'];
  order?: ListFilesQuery['order'];
  /** TEMPORARY files as well. */
  includeTemporary?: boolean;
};

export type ListUploadSessionsOptions = RequestOptions & {
  /** true: those whose time is up; else those whose time is not, closed ones included. */
  isExpired?: boolean;
  /** Rows of a batch at most, 1 to 100. */
  batchSize?: number;
};

/** Which files to delete: by name, by id, or both. */
export type FilesToDelete = { names?: readonly string[]; fileIds?: readonly string[] };

export type Workflows = ReturnType<typeof createWorkflows>;

/** What takes several requests, in the words of the official SDK. */
export const createWorkflows = (uploadSessions: UploadSessions, files: Files) => ({
  /** Sessions, the newest first, in batches as they are asked for. */
  listUploadSessions: async function* (
    workspace: string,
    options: ListUploadSessionsOptions = {},
  ): AsyncGenerator<UploadSession[], void, undefined> {
    needOptions(plain(options), { batchSize: wholeNumber, isExpired: boolean });
    const { isExpired, batchSize = BATCH, signal } = options;
    const query: ListUploadSessionsQuery = { limit: batchSize, is_expired: isExpired === true ? true : null };
    for (let page_number = 1; ; page_number++) {
      const page = await uploadSessions.list(workspace, { ...query, page_number }, { signal });
      if (page.data.length > 0) yield page.data;
      if (!page.has_more || page.data.length === 0) return;
    }
  },

  /** How far a session is. */
  getUploadSession: (
    workspace: string,
    sessionId: string,
    options: RequestOptions = {},
  ): Promise<UploadSessionStatus> => uploadSessions.get(workspace, sessionId, options),

  /** Files in batches, as they are asked for. Files that come or go meanwhile do not shift the others. */
  listFiles: async function* (
    workspace: string,
    options: ListFilesOptions = {},
  ): AsyncGenerator<File[], void, undefined> {
    const { includeTemporary, batchSize = BATCH, signal, exactNumbers, ...selection } = plain(options);
    needOptions(options, { batchSize: wholeNumber, includeTemporary: boolean });
    needNumber(batchSize, 1, 'batchSize');
    let batch: File[] = [];
    const query = { ...selected(selection), limit: batchSize, include_temporary: includeTemporary };
    for await (const file of files.listAll(workspace, query as ListFilesQuery, { signal, exactNumbers })) {
      batch.push(file);
      if (batch.length < batchSize) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  },

  /**
   * Deletes files: all that have one of the names, and those with one of the ids. Names and ids of files that are not
   * there, or not any more, count for nothing. Every file is what `files.deleteAll` deletes.
   */
  deleteFiles: async (
    workspace: string,
    which: FilesToDelete,
    options: RequestOptions = {},
  ): Promise<{ deletedCount: number }> => {
    plain(options);
    const { names, fileIds } = checkedDeletion(which);
    let deletedCount = 0;
    for (let at = 0; at < names.length; at += BATCH) {
      const some = names.slice(at, at + BATCH);
      deletedCount += (await files.deleteByNames(workspace, some, options)).deleted_count;
    }
    await forEachConcurrently(fileIds, DELETIONS_AT_A_TIME, async (fileId) => {
      try {
        await files.delete(workspace, fileId, options);
        deletedCount++;
      } catch (error) {
        if (!(error instanceof ApiError && error.code === 'NOT_FOUND')) throw error;
      }
    });
    return { deletedCount };
  },

  /**
   * Changes the metadata of any number of files: sets the given keys, deletes those given as null, leaves the others.
   * Changes that cannot be sent as they are, such as NaN or a Map, fail and do not keep the others.
   * @param changes by file id
   * @returns the sum of all requests; what fails for single files is in it
   */
  updateMetadata: async (
    workspace: string,
    changes: Readonly<Record<string, MetadataInput>>,
    options: RequestOptions = {},
  ): Promise<BulkUpdateMetadataResult> => {
    const sum: BulkUpdateMetadataResult = { updated_count: 0, failed_count: 0, failed_files: [] };
    for (const some of inPortions(changes)) {
      const result = await files.updateManyMetadata(workspace, some, options);
      sum.updated_count += result.updated_count;
      sum.failed_count += result.failed_count;
      sum.failed_files.push(...result.failed_files);
    }
    return sum;
  },
});

/** All of it before the first file goes. */
const checkedDeletion = (which: FilesToDelete): Required<FilesToDelete> => {
  if (typeof which !== 'object' || which === null || !('names' in which || 'fileIds' in which)) {
    const remedy = 'Give names, fileIds or both; files.deleteAll deletes every file.';
    throw new ArgumentError(`What to delete is ${shown(which)}. ${remedy}`);
  }
  refuseUnset(which, ['names', 'fileIds']);
  const { names = [], fileIds = [] } = which;
  needTexts(names, 'names of the files to delete');
  for (const fileId of needTexts(fileIds, 'ids of the files to delete')) pathOf(['files', fileId]);
  return { names, fileIds };
};

/** Of the options of `downloadFiles` there are more than the list takes. */
const selected = (options: ListFilesOptions): Pick<ListFilesOptions, (typeof SELECTION)[number]> =>
  Object.fromEntries(
    SELECTION.flatMap((name) => (Object.hasOwn(options, name) ? [[name, options[name]]] : [])),
  );

const SELECTION = ['name', 'filter', 'field', 'order'] as const;

function* inPortions(changes: Readonly<Record<string, MetadataInput>>) {
  let portion: [string, MetadataInput][] = [];
  let characters = 0;
  for (const [fileId, meta] of changesOf(changes)) {
    const made = metadataText(meta);
    const length = 'text' in made ? made.text.length : 0;
    const full =
      portion.length >= CHANGES_AT_A_TIME.files || characters + length > CHANGES_AT_A_TIME.characters;
    if (full && portion.length > 0) {
      yield Object.fromEntries(portion);
      portion = [];
      characters = 0;
    }
    portion.push([fileId, meta]);
    characters += length;
  }
  if (portion.length > 0) yield Object.fromEntries(portion);
}
