import type {
  CreatedUploadSession,
  CreateUploadSession,
  ListUploadSessionFilesQuery,
  ListUploadSessionsQuery,
  UploadSession,
  UploadSessionFile,
  UploadSessionFilePage,
  UploadSessionPage,
  UploadSessionStatus,
} from '@sluice/contract';
import { allRows } from '../all-rows.ts';
import { refuseUnset } from '../argument-error.ts';
import type { RequestOptions, Requests } from '../http/request.ts';
import { plain } from '../options.ts';

export type UploadSessions = ReturnType<typeof uploadSessionMethods>;

export const uploadSessionMethods = (requests: Requests) => {
  const base = (workspace: string) => ['workspaces', workspace, 'upload_sessions'];
  const one = (workspace: string, session: string) => [...base(workspace), session];

  const list = async (
    workspace: string,
    query: ListUploadSessionsQuery = {},
    options: RequestOptions = {},
  ): Promise<UploadSessionPage> => requests.json('GET', base(workspace), { ...plain(options), query });

  const files = async (
    workspace: string,
    session: string,
    query: ListUploadSessionFilesQuery = {},
    options: RequestOptions = {},
  ): Promise<UploadSessionFilePage> =>
    requests.json('GET', [...one(workspace, session), 'files'], { ...plain(options), query });

  return {
    /** Opens a session. LIMIT_REACHED where the user has too many open ones. */
    create: async (
      workspace: string,
      session: CreateUploadSession = {},
      options: RequestOptions = {},
    ): Promise<CreatedUploadSession> => {
      refuseUnset(plain(session, 'session'), ['write_mode', 'expires_in_seconds']); // without them files stay, and it lives for a day
      return requests.json('POST', base(workspace), { ...plain(options), json: session });
    },

    list,
    listAll: (
      workspace: string,
      query: Omit<ListUploadSessionsQuery, 'page_number' | 'before' | 'after'> = {},
      options: RequestOptions = {},
    ): AsyncGenerator<UploadSession> =>
      allRows((page_number) =>
        list(workspace, { limit: 100, ...plain(query, 'query'), page_number }, options),
      ),

    /** How far it is: counters of files, and sidecars without a file. */
    get: (workspace: string, session: string, options: RequestOptions = {}): Promise<UploadSessionStatus> =>
      requests.json('GET', one(workspace, session), options),

    /** What became of its files, one row for each. */
    files,
    allFiles: (
      workspace: string,
      session: string,
      query: Omit<ListUploadSessionFilesQuery, 'page_number' | 'before' | 'after'> = {},
      options: RequestOptions = {},
    ): AsyncGenerator<UploadSessionFile> =>
      allRows((page_number) =>
        files(workspace, session, { limit: 100, ...plain(query, 'query'), page_number }, options),
      ),

    /** Ends the uploads and starts ingestion. CONFLICT where it is closed already, or has expired. */
    close: async (workspace: string, session: string, options: RequestOptions = {}): Promise<void> =>
      requests.done('PUT', one(workspace, session), {
        ...plain(options),
        json: { status: 'CLOSED' },
        refusedOnceDone: 'CONFLICT',
      }),
  };
};
