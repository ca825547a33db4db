import { setTimeout as sleep } from 'node:timers/promises';
import type { CreatedUploadSession, File, UploadForm, UploadSessionStatus } from '@sluice/contract';
import { CorrectnessError, expectEqual } from './correctness.ts';

export type FilesPage = { data: File[]; has_more: boolean; total: number };

/** The few calls of the API that the bench makes outside of its load, as plain as they can be. */
export type Api = {
  openSession(request?: object): Promise<{ id: string; form: UploadForm }>;
  closeSession(id: string): Promise<void>;
  /** Asks every 20 ms until every file of closed sessions is FINISHED, so many in each, and holds that none is missing or failed. */
  allFinished(ids: readonly string[], files: number): Promise<void>;
  files(query: Record<string, string>): Promise<FilesPage>;
  content(fileId: string): Promise<ReadableStream<Uint8Array>>;
  /** Path of the list of files, without a query. */
  filesPath: string;
};

const POLL_MS = 20;
const STALLED_MS = 60_000;

export const openApi = (url: URL, key: string): Api => {
  const base = '/api/v1/workspaces/default';
  const call = async (method: string, path: string, status: number, body?: unknown): Promise<Response> => {
    const response = await fetch(new URL(base + path, url), {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status !== status) {
      throw new CorrectnessError(
        `${method} ${path}: ${response.status}, not ${status}: ${await response.text()}`,
      );
    }
    return response;
  };
  const status = async (id: string) =>
    (await (await call('GET', `/upload_sessions/${id}`, 200)).json()) as UploadSessionStatus;

  return {
    filesPath: `${base}/files`,
    openSession: async (request = {}) => {
      const response = await call('POST', '/upload_sessions', 201, request);
      const session = (await response.json()) as CreatedUploadSession;
      return { id: session.session_id, form: session.aws_prefixed_request_config };
    },
    closeSession: async (id) => {
      await call('PUT', `/upload_sessions/${id}`, 204, { status: 'CLOSED' });
    },
    allFinished: async (ids, files) => {
      const open = new Map(ids.map((id) => [id, 0]));
      let headwayAt = performance.now();
      while (open.size > 0) {
        for (const [id, before] of open) {
          const { ingestion_status: counts, ingested_at } = await status(id);
          const done = counts.finished_files + counts.failed_files;
          if (done > before) headwayAt = performance.now();
          open.set(id, done);
          if (done < files && ingested_at === null) continue;
          expectEqual(
            `Finished and failed files of session ${id}`,
            [counts.finished_files, counts.failed_files],
            [files, 0],
          );
          open.delete(id);
        }
        if (performance.now() - headwayAt > STALLED_MS) {
          throw new CorrectnessError(`Sessions stand still: ${JSON.stringify(Object.fromEntries(open))}`);
        }
        if (open.size > 0) await sleep(POLL_MS);
      }
    },
    files: async (query) =>
      (await (await call('GET', `/files?${new URLSearchParams(query)}`, 200)).json()) as FilesPage,
    content: async (fileId) => {
      const { body } = await call('GET', `/files/${fileId}`, 200);
      if (!body) throw new CorrectnessError(`File ${fileId} has no content`);
      return body;
    },
  };
};
