import { apiRoot } from './base-url.ts';
import { createRequests } from './request.ts';
import { type Files, fileMethods } from './resources/files.ts';
import { type Tokens, tokenMethods } from './resources/tokens.ts';
import { type UploadSessions, uploadSessionMethods } from './resources/upload-sessions.ts';
import { type Users, userMethods } from './resources/users.ts';
import { type Workspaces, workspaceMethods } from './resources/workspaces.ts';
import { RETRY_POLICY, type RetryPolicy } from './retry-timing.ts';
import { webPlatform } from './upload/fetch-transport.ts';
import type { Platform } from './upload/form-transport.ts';
import { createUploadFiles, type UploadFiles } from './upload/upload-files.ts';

export type ClientOptions = {
  /** `https://host`, with or without `/api/v1`. */
  baseUrl: string;
  apiKey: string;
  /** In place of the global one, for requests to the API. */
  fetch?: typeof globalThis.fetch;
  /** Milliseconds one try of a request to the API may take; 30 s where absent. Uploads have their own measure. */
  timeoutMs?: number;
  retry?: Partial<RetryPolicy>;
  /** How forms are sent and paths are read, where neither `@sluice/client` nor `@sluice/client/node` suits. */
  platform?: Platform;
};

export type Client = {
  uploadSessions: UploadSessions;
  files: Files;
  workspaces: Workspaces;
  tokens: Tokens;
  users: Users;
  /** A whole upload, from the plan to the outcome of every file. */
  uploadFiles: UploadFiles;
};

/** A client of one server with one key. It holds no connection and needs no closing. */
export const createClient = (options: ClientOptions): Client => {
  const fetch = options.fetch ?? ((...request) => globalThis.fetch(...request));
  const retry = { ...RETRY_POLICY, ...options.retry };
  const requests = createRequests({
    root: apiRoot(options.baseUrl),
    apiKey: options.apiKey,
    fetch,
    timeoutMs: options.timeoutMs ?? 30_000,
    retry,
  });
  const uploadSessions = uploadSessionMethods(requests);
  return {
    uploadSessions,
    files: fileMethods(requests),
    workspaces: workspaceMethods(requests),
    tokens: tokenMethods(requests),
    users: userMethods(requests),
    uploadFiles: createUploadFiles(uploadSessions, options.platform ?? webPlatform(fetch), retry),
  };
};
