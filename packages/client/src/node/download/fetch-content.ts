import { ApiError } from '../../http/api-error.ts';
import { ConnectionError } from '../../http/connection-error.ts';
import { type RetryPolicy, retryDelayMs } from '../../http/retry-timing.ts';
import { pause } from '../../pause.ts';
import type { Files } from '../../resources/files.ts';
import type { PartialFile } from './partial-files.ts';

export type FetchSettings = {
  files: Pick<Files, 'content'>;
  workspace: string;
  retry: RetryPolicy;
  stallTimeoutMs: number;
  signal: AbortSignal;
  onBytes?: (bytes: number) => void;
};

/** A try that brought less has failed: a few bytes at a time would go on for days. */
const PROGRESS_BYTES = 64 * 1024;

/**
 * Fetches a file's content into what there is of it. After a connection that broke off it goes on where that ended, if
 * the file is still the same, and begins anew if not. Only tries that brought next to nothing count against the policy.
 * @throws ApiError, ConnectionError, or the signal's reason; what has come so far stays in the partial file
 */
export const fetchContent = async (
  fileId: string,
  partial: PartialFile,
  settings: FetchSettings,
): Promise<void> => {
  const { retry, signal } = settings;
  const state: State = { at: partial.size, etag: partial.etag };
  for (let failed = 0; ; ) {
    const before = state.at;
    try {
      return await fetchOnce(fileId, partial, state, settings);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ConnectionError)) throw error;
      failed = state.at - before >= PROGRESS_BYTES ? 1 : failed + 1;
      const delay = retryDelayMs(retry, failed, Math.random(), null);
      if (delay === null) throw error;
      await pause(delay, signal);
    }
  }
};

type State = { at: number; etag: string | null };

const fetchOnce = async (
  fileId: string,
  partial: PartialFile,
  state: State,
  { files, workspace, stallTimeoutMs, signal, onBytes }: FetchSettings,
): Promise<void> => {
  const stalled = new AbortController();
  const until = AbortSignal.any([signal, stalled.signal]);
  const range = state.at > 0 ? { range: { start: state.at }, ifRange: state.etag } : {};
  const reply = await files
    .content(workspace, fileId, { ...range, signal: until })
    .catch(async (error: unknown) => {
      // Nothing lies behind what there is: it is whole already, or it belongs to what the file was before.
      if (!(error instanceof ApiError && error.status === 416)) throw error;
      state.at = 0;
      return files.content(workspace, fileId, { signal: until });
    });
  if (state.at > 0 && startOf(reply) !== state.at) state.at = 0;
  state.etag = reply.headers.get('etag');
  await partial.handle.truncate(state.at);
  if (state.etag !== null) await partial.setEtag(state.etag);
  if (reply.body === null) return;

  const timer = setTimeout(() => stalled.abort(), stallTimeoutMs);
  try {
    for await (const chunk of reply.body) {
      timer.refresh();
      await writeAll(partial, chunk, state.at);
      state.at += chunk.length;
      onBytes?.(chunk.length);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof FileSystemError) throw error.cause;
    throw stalled.signal.aborted
      ? new ConnectionError('TIMED_OUT', `Nothing came for ${stallTimeoutMs / 1000} s.`, error)
      : new ConnectionError('CONNECTION_FAILED', 'The connection broke off.', error);
  } finally {
    clearTimeout(timer);
  }
  const total = totalOf(reply, state.at);
  if (state.at !== total) {
    throw new ConnectionError('CONNECTION_FAILED', `It ended after ${state.at} of ${total} bytes.`);
  }
};

class FileSystemError extends Error {}

const writeAll = async ({ handle }: PartialFile, chunk: Uint8Array, at: number): Promise<void> => {
  try {
    for (let written = 0; written < chunk.length; ) {
      const { bytesWritten } = await handle.write(chunk, written, chunk.length - written, at + written);
      written += bytesWritten;
    }
  } catch (error) {
    throw new FileSystemError('', { cause: error });
  }
};

/** The first byte of the range a reply has; null where it has all of them. */
const startOf = (reply: Response): number | null => {
  const start = /^bytes (\d+)-/.exec(reply.headers.get('content-range') ?? '')?.[1];
  return reply.status === 206 && start !== undefined ? Number(start) : null;
};

/** Bytes of the whole file, as far as the reply says. */
const totalOf = (reply: Response, otherwise: number): number => {
  const range = /\/(\d+)$/.exec(reply.headers.get('content-range') ?? '')?.[1];
  const length = reply.status === 206 ? range : reply.headers.get('content-length');
  return length === undefined || length === null ? otherwise : Number(length);
};
