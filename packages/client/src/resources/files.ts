import type {
  BulkUpdateMetadataResult,
  File as ContractFile,
  FilePage as ContractFilePage,
  DeletedFiles,
  ListFilesQuery,
  UploadedFile,
  UploadFileQuery,
} from '@sluice/contract';
import { ArgumentError, needText, needTexts, shown } from '../argument-error.ts';
import type { RequestOptions, Requests } from '../http/request.ts';
import {
  changesOf,
  type Metadata,
  type MetadataInput,
  metadataText,
  metadataTextOrThrow,
} from '../metadata.ts';
import { plain } from '../options.ts';

/** A row of the list, with its metadata. */
export type File = Omit<ContractFile, 'meta'> & { meta: Metadata };
export type FilePage = Omit<ContractFilePage, 'data'> & { data: File[] };

/** What methods that give metadata take last. */
export type MetadataOptions = RequestOptions & {
  /** Numbers that a JavaScript number would change come as ExactNumber, with the text they have. */
  exactNumbers?: boolean | undefined;
};

/** A byte range, both ends inclusive; without `end`, to the end of the file. */
export type ContentRange = { start: number; end?: number };

export type Files = ReturnType<typeof fileMethods>;

export const fileMethods = (requests: Requests) => {
  const base = (workspace: string) => ['workspaces', workspace, 'files'];
  const one = (workspace: string, file: string) => [...base(workspace), file];

  const fetchPage = async (
    workspace: string,
    query: ListFilesQuery,
    options: RequestOptions,
  ): Promise<FilePage> => requests.json('GET', base(workspace), { ...plain(options), query });

  const list = async (
    workspace: string,
    query: ListFilesQuery = {},
    options: MetadataOptions = {},
  ): Promise<FilePage> => {
    const page = await fetchPage(workspace, query, options);
    page.warnings?.forEach(requests.onWarning); // services other than ours have none
    return page;
  };

  return {
    /** Sends one file straight into the workspace, without a session. CONFLICT where FAIL finds the name taken. */
    upload: async (
      workspace: string,
      file: { name: string; body: Blob | Uint8Array<ArrayBuffer> | string; meta?: MetadataInput },
      query: Pick<UploadFileQuery, 'write_mode'> = {},
      options: RequestOptions = {},
    ): Promise<UploadedFile> => {
      plain(file, 'file');
      plain(query, 'query');
      const form = new FormData();
      form.set('meta', metadataTextOrThrow(file.meta === undefined ? {} : file.meta));
      const name = needText(file.name, 'name of the file'); // sent as it is: only the names of a session are encoded
      form.set('file', new Blob([wholeBody(file.body)]), name);
      const asked = name.includes('%22') ? { ...query, file_name: name } : query; // or it would be a quote
      const repeatable = query.write_mode === 'OVERWRITE'; // of the other modes a second one is another file
      return requests.json('POST', base(workspace), { ...plain(options), query: asked, form, repeatable });
    },

    list,

    /** Every file that matches, page by page. Files that come or go meanwhile do not shift the others. */
    listAll: async function* (
      workspace: string,
      query: Omit<ListFilesQuery, 'page_number' | 'after_value' | 'after_file_id'> = {},
      options: MetadataOptions = {},
    ): AsyncGenerator<File, void, undefined> {
      let cursor: Pick<ListFilesQuery, 'after_value' | 'after_file_id'> = {};
      for (;;) {
        // The warnings of one page are those of all.
        const fetchThis = cursor.after_file_id === undefined ? list : fetchPage;
        const page = await fetchThis(workspace, { limit: 100, ...plain(query, 'query'), ...cursor }, options);
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
      const { range, ifRange, signal } = plain(options);
      const headers: Record<string, string> = { accept: '*/*', 'accept-encoding': 'identity' };
      if (range !== undefined) headers.range = rangeHeader(range);
      if (range && ifRange) headers['if-range'] = ifRange;
      return requests.reply('GET', one(workspace, file), { signal, headers });
    },

    metadata: (workspace: string, file: string, options: MetadataOptions = {}): Promise<Metadata> =>
      requests.json('GET', [...one(workspace, file), 'meta'], options),

    /** Sets the given keys, deletes those given as null, leaves the others; resolves to the result. */
    updateMetadata: async (
      workspace: string,
      file: string,
      changes: MetadataInput,
      options: MetadataOptions = {},
    ): Promise<Metadata> =>
      requests.json('PUT', [...one(workspace, file), 'meta'], {
        ...plain(options),
        jsonText: metadataTextOrThrow(changes),
      }),

    /**
     * The same for many files, by id. What fails is in the result, it does not reject; changes that cannot be sent as they
     * are fail before anything is sent, as BAD_REQUEST, and do not keep the others.
     */
    updateManyMetadata: async (
      workspace: string,
      changes: Readonly<Record<string, MetadataInput>>,
      options: RequestOptions = {},
    ): Promise<BulkUpdateMetadataResult> => {
      const members: string[] = [];
      const refused: BulkUpdateMetadataResult['failed_files'] = [];
      for (const [file_id, change] of changesOf(changes)) {
        const made = metadataText(change);
        if ('text' in made) members.push(`${JSON.stringify(file_id)}:${made.text}`);
        else refused.push({ file_id, error_type: 'BAD_REQUEST', error_message: made.problem });
      }
      if (members.length === 0 && refused.length > 0)
        return { updated_count: 0, failed_count: refused.length, failed_files: refused };
      const sent = await requests.json<BulkUpdateMetadataResult>(
        'POST',
        [...base(workspace), 'update-meta'],
        {
          ...plain(options),
          jsonText: `{${members.join(',')}}`,
          repeatable: true,
        },
      );
      sent.failed_count += refused.length;
      sent.failed_files.unshift(...refused);
      return sent;
    },

    delete: async (workspace: string, file: string, options: RequestOptions = {}): Promise<void> =>
      requests.done('DELETE', one(workspace, file), { ...plain(options), refusedOnceDone: 'NOT_FOUND' }),

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
      return requests.json('DELETE', base(workspace), { ...plain(options), json: { names } });
    },

    /**
     * Every file of the workspace. A method of its own, so that a list that happens to be empty cannot do it. Not repeated
     * where the answer is lost: a second one would delete what has come since the first.
     */
    deleteAll: async (workspace: string, options: RequestOptions = {}): Promise<DeletedFiles> =>
      requests.json('DELETE', base(workspace), { ...plain(options), json: {}, repeatable: false }),
  };
};

/** What is no range would be passed over by the server, and all bytes come. */
const rangeHeader = (range: ContentRange): string => {
  const { start, end } = plain(range, 'range');
  const isRange = Number.isSafeInteger(start) && start >= 0;
  const isEnd = end === undefined || (Number.isSafeInteger(end) && end >= start);
  if (!isRange || !isEnd) throw new ArgumentError(`The range ${start} to ${end} is none.`);
  return `bytes=${start}-${end ?? ''}`;
};

/** `new Blob` would make a text of whatever else it is given: `undefined`, `[object Object]`. */
const wholeBody = <Body>(body: Body): Body => {
  const isWhole = typeof body === 'string' || body instanceof Uint8Array || body instanceof Blob;
  if (!isWhole)
    throw new ArgumentError(`The body must be a text, a Uint8Array or a Blob; it is ${shown(body)}.`);
  if (typeof body === 'string' && !body.isWellFormed())
    throw new ArgumentError('The body holds half of a surrogate pair, which UTF-8 has no form for.');
  return body;
};
