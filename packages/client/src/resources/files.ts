import type {
  BulkUpdateMetadataBody,
  BulkUpdateMetadataResult,
  DeletedFiles,
  File,
  FilePage,
  ListFilesQuery,
  UploadedFile,
  UploadFileQuery,
} from '@sluice/contract';
import { ArgumentError, needTexts } from '../argument-error.ts';
import type { RequestOptions, Requests } from '../request.ts';

/** The metadata of a file: any JSON object. In changes, null deletes a key. */
export type Metadata = { [key: string]: unknown };

/** A byte range, both ends inclusive; without `end`, to the end of the file. */
export type ContentRange = { start: number; end?: number };

export type Files = ReturnType<typeof fileMethods>;

export const fileMethods = (requests: Requests) => {
  const base = (workspace: string) => ['workspaces', workspace, 'files'];
  const one = (workspace: string, file: string) => [...base(workspace), file];

  const list = (
    workspace: string,
    query: ListFilesQuery = {},
    options: RequestOptions = {},
  ): Promise<FilePage> => requests.json('GET', base(workspace), { ...options, query });

  return {
    /** Sends one file straight into the workspace, without a session. CONFLICT where FAIL finds the name taken. */
    upload: (
      workspace: string,
      file: { name: string; body: Blob | Uint8Array<ArrayBuffer> | string; meta?: Metadata },
      query: Pick<UploadFileQuery, 'write_mode'> = {},
      options: RequestOptions = {},
    ): Promise<UploadedFile> => {
      const form = new FormData();
      form.set('meta', JSON.stringify(file.meta ?? {}));
      form.set('file', new Blob([file.body]), file.name); // as it is: only the names of a session are encoded
      const repeatable = query.write_mode === 'OVERWRITE'; // of the other modes a second one is another file
      return requests.json('POST', base(workspace), { ...options, query, form, repeatable });
    },

    list,

    /** Every file that matches, page by page. Files that come or go meanwhile do not shift the others. */
    listAll: async function* (
      workspace: string,
      query: Omit<ListFilesQuery, 'page_number' | 'after_value' | 'after_file_id'> = {},
      options: RequestOptions = {},
    ): AsyncGenerator<File, void, undefined> {
      let cursor: Pick<ListFilesQuery, 'after_value' | 'after_file_id'> = {};
      for (;;) {
        const page = await list(workspace, { limit: 100, ...query, ...cursor }, options);
        yield* page.data;
        const last = page.data.at(-1);
        if (!page.has_more || last === undefined) return;
        cursor = { after_value: last[query.field ?? 'created_at'], after_file_id: last.file_id };
      }
    },

    /**
     * The bytes, as a reply whose body can be read as a stream, as text, or whole.
     * @param options.ifRange the etag of the version the range is of: of another one all bytes come, with status 200
     */
    content: async (
      workspace: string,
      file: string,
      options: RequestOptions & { range?: ContentRange; ifRange?: string | null } = {},
    ): Promise<Response> => {
      const { range, ifRange, signal } = options;
      const headers: Record<string, string> = { accept: '*/*', 'accept-encoding': 'identity' };
      if (range) headers.range = rangeHeader(range);
      if (range && ifRange) headers['if-range'] = ifRange;
      return requests.reply('GET', one(workspace, file), { signal, headers });
    },

    metadata: (workspace: string, file: string, options: RequestOptions = {}): Promise<Metadata> =>
      requests.json('GET', [...one(workspace, file), 'meta'], options),

    /** Sets the given keys, deletes those given as null, leaves the others; resolves to the result. */
    updateMetadata: (
      workspace: string,
      file: string,
      changes: Metadata,
      options: RequestOptions = {},
    ): Promise<Metadata> =>
      requests.json('PUT', [...one(workspace, file), 'meta'], { ...options, json: changes }),

    /** The same for many files, by id. What fails is in the result, it does not reject. */
    updateManyMetadata: (
      workspace: string,
      changes: BulkUpdateMetadataBody,
      options: RequestOptions = {},
    ): Promise<BulkUpdateMetadataResult> =>
      requests.json('POST', [...base(workspace), 'update-meta'], {
        ...options,
        json: changes,
        repeatable: true,
      }),

    delete: (workspace: string, file: string, options: RequestOptions = {}): Promise<void> =>
      requests.done('DELETE', one(workspace, file), { ...options, refusedOnceDone: 'NOT_FOUND' }),

    /**
     * All files that have one of these names; none where the list is empty. Every file is what `deleteAll` deletes. After an
     * answer that was lost it is sent again, and counts what was there then.
     */
    deleteByNames: async (
      workspace: string,
      names: readonly string[],
      options: RequestOptions = {},
    ): Promise<DeletedFiles> => {
      needTexts(names, 'names of the files to delete');
      // Not asked of the server: some read a list without names as none, which is all.
      if (names.length === 0) return { deleted_count: 0 };
      return requests.json('DELETE', base(workspace), { ...options, json: { names } });
    },

    /**
     * Every file of the workspace. A method of its own, so that a list that happens to be empty cannot do it. Not repeated
     * where the answer is lost: a second one would delete what has come since the first.
     */
    deleteAll: (workspace: string, options: RequestOptions = {}): Promise<DeletedFiles> =>
      requests.json('DELETE', base(workspace), { ...options, json: {}, repeatable: false }),
  };
};

/** What is no range would be passed over by the server, and all bytes come. */
const rangeHeader = ({ start, end }: ContentRange): string => {
  const isRange = Number.isSafeInteger(start) && start >= 0;
  const isEnd = end === undefined || (Number.isSafeInteger(end) && end >= start);
  if (!isRange || !isEnd) throw new ArgumentError(`The range ${start} to ${end} is none.`);
  return `bytes=${start}-${end ?? ''}`;
};
