import { ArgumentError, needNumber, needText } from './argument-error.ts';
import type { ApiFetch } from './http/api-fetch.ts';
import { apiRoot } from './http/base-url.ts';
import { createRequests } from './http/request.ts';
import { RETRY_POLICY, type RetryPolicy } from './http/retry-timing.ts';
import { callback, milliseconds, needOptions } from './options.ts';
import { type Files, fileMethods } from './resources/files.ts';
import { type InWorkspace, inWorkspace } from './resources/in-workspace.ts';
import { type Tokens, tokenMethods } from './resources/tokens.ts';
import { type UploadSessions, uploadSessionMethods } from './resources/upload-sessions.ts';
import { type Users, userMethods } from './resources/users.ts';
import { type Workspaces, workspaceMethods } from './resources/workspaces.ts';
import { planUpload, type UploadPlan } from './upload/planning/plan-upload.ts';
import { inputsOf, type UploadSources } from './upload/planning/sources.ts';
import { webPlatform } from './upload/sending/fetch-transport.ts';
import type { Platform } from './upload/sending/form-transport.ts';
import { createUploadFiles, type UploadFiles } from './upload/upload-files.ts';
import { needUploadOptions, type UploadOptions } from './upload/upload-options.ts';
import { createWorkflows, type Workflows } from './workflows.ts';

export type ClientOptions = {
  /** `https://host`, with or without `/api/v1`. */
  baseUrl: string;
  apiKey: string;
  /** The workspace that `inWorkspace` takes where it is given none. */
  workspaceName?: string;
  /** For requests to the API, in place of the global one, or in Node of what `@sluice/client/node` does by node:http. */
  fetch?: ApiFetch;
  /** Milliseconds one try of a request to the API may take; 30 s where absent. Uploads have their own measure. */
  timeoutMs?: number;
  /** Milliseconds nothing may move while a file is sent or fetched; 60 s where absent. */
  stallTimeoutMs?: number;
  retry?: Partial<RetryPolicy>;
  /**
   * Gets a sentence for people where a list is not what was asked for although nothing failed: its filter asks for a key
   * or a type of value that no file has, or the server does not know a part of the query. It must not throw.
   */
  onWarning?: (sentence: string) => void;
  /** How forms are sent and paths are read, where neither `@sluice/client` nor `@sluice/client/node` suits. */
  platform?: Platform;
};

/** What is about one workspace, whose name comes first. */
export type WorkspaceMethods = Workflows & {
  /** A whole upload, from the plan to the outcome of every file. */
  uploadFiles: UploadFiles;
};

export type Client = WorkspaceMethods & {
  uploadSessions: UploadSessions;
  files: Files;
  workspaces: Workspaces;
  tokens: Tokens;
  users: Users;
  /** What an upload of these would send, and what is amiss with the others. Asks no server. */
  planUpload: (
    sources: UploadSources,
    options?: Pick<UploadOptions, 'signal' | 'emptyFiles'>,
  ) => Promise<UploadPlan>;
  /**
   * Everything that is about one workspace, without its name.
   * @param workspaceName the one the client was made with, where absent; a TypeError where there is none either
   */
  inWorkspace: (...given: [workspaceName?: string]) => WorkspaceClient;
};

export type WorkspaceClient = InWorkspace<WorkspaceMethods> & {
  workspaceName: string;
  uploadSessions: InWorkspace<UploadSessions>;
  files: InWorkspace<Files>;
};

/** A client of one server with one key. It keeps no process and needs no closing. */
export const createClient = (options: ClientOptions): Client => {
  needText(options.baseUrl, 'baseUrl');
  needOptions(options, { timeoutMs: milliseconds, stallTimeoutMs: milliseconds, fetch: callback });
  if (typeof options.apiKey !== 'string') throw new ArgumentError('The apiKey must be a text.');
  // `fetch` would refuse it as well, with a message that shows it.
  if (!/^[\x21-\x7e]*$/.test(options.apiKey)) throw new TypeError('The apiKey holds characters no key has.');
  const fetch: ApiFetch = options.fetch ?? ((...request) => globalThis.fetch(...request));
  const retry = checkedRetry(options.retry);
  const stallTimeoutMs = needNumber(options.stallTimeoutMs ?? STALL_TIMEOUT_MS, 1, 'stallTimeoutMs');
  const requests = createRequests({
    root: apiRoot(options.baseUrl),
    apiKey: options.apiKey,
    fetch,
    timeoutMs: needNumber(options.timeoutMs ?? 30_000, 1, 'timeoutMs'),
    retry,
    onWarning: options.onWarning,
  });
  const platform = options.platform ?? webPlatform(fetch);
  const uploadSessions = uploadSessionMethods(requests);
  const files = fileMethods(requests);
  const workspaceMethodsHere: WorkspaceMethods = {
    ...createWorkflows(uploadSessions, files),
    uploadFiles: createUploadFiles({ uploadSessions, platform, retry, stallTimeoutMs }),
  };
  return {
    ...workspaceMethodsHere,
    uploadSessions,
    files,
    workspaces: workspaceMethods(requests),
    tokens: tokenMethods(requests),
    users: userMethods(requests),
    planUpload: async (sources, planOptions) => {
      needUploadOptions(planOptions);
      return planUpload(await inputsOf(sources, planOptions?.signal), platform, planOptions);
    },
    inWorkspace: (...given) => {
      const workspaceName = workspaceOf(given, options);
      return {
        ...inWorkspace(workspaceMethodsHere, workspaceName),
        workspaceName,
        uploadSessions: inWorkspace(uploadSessions, workspaceName),
        files: inWorkspace(files, workspaceName),
      };
    },
  };
};

export const STALL_TIMEOUT_MS = 60_000;

/** The one that is named; the client's own only where nothing is: a name that was never set must not become another. */
export const workspaceOf = (
  given: readonly [workspaceName?: string],
  { workspaceName }: Pick<ClientOptions, 'workspaceName'>,
): string => {
  if (given.length > 0) return needText(given[0], 'workspace name');
  if (workspaceName !== undefined) return needText(workspaceName, 'workspaceName of the client');
  throw new ArgumentError('No workspace was named, and the client was made without workspaceName.');
};

/** What is undefined in it is the usual: otherwise there would be no end of tries. */
export const checkedRetry = (given: Partial<RetryPolicy> = {}): RetryPolicy => {
  needOptions(given, DELAYS);
  const said = Object.entries(given).filter(([, value]) => value !== undefined);
  const retry: RetryPolicy = { ...RETRY_POLICY, ...Object.fromEntries(said) };
  for (const name of Object.keys(RETRY_POLICY) as (keyof RetryPolicy)[]) {
    needNumber(retry[name], name === 'attempts' ? 1 : 0, `retry.${name}`);
  }
  return retry;
};

const DELAYS = { firstDelayMs: milliseconds, maxDelayMs: milliseconds, maxRetryAfterMs: milliseconds };
