import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  type CreatedUploadSession,
  type CreateUploadSession,
  encodeFileName,
  type File,
  type UploadForm,
  type UploadSession,
  type UploadSessionFile,
  type UploadSessionStatus,
} from '@sluice/contract';
import type { Address } from './actor.ts';
import { eventually } from './eventually.ts';

export type Workspace = Awaited<ReturnType<typeof newWorkspace>>;

type Page<Row> = { data: Row[]; has_more: boolean; total: number };

/** An empty workspace as it stands, read through the REST API and so not through the code under test. */
export const newWorkspace = async ({ baseUrl, apiKey }: Address) => {
  const name = `scenario_${randomUUID()}`;
  const headers = { authorization: `Bearer ${apiKey}` };
  const ask = async (method: string, path: string, body?: object): Promise<Response> => {
    const json = body !== undefined && !(body instanceof FormData);
    const reply = await fetch(`${baseUrl}/api/v1/workspaces${path}`, {
      method,
      headers: json ? { ...headers, 'content-type': 'application/json' } : headers,
      ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
    });
    assert.ok(reply.ok, `${method} ${path}: ${reply.status} ${reply.ok ? '' : await reply.text()}`);
    return reply;
  };
  await ask('POST', '', { name });

  const get = async <Answer>(path: string): Promise<Answer> =>
    (await (await ask('GET', `/${name}${path}`)).json()) as Answer;
  const allRows = async <Row>(path: string): Promise<Row[]> => {
    const rows: Row[] = [];
    for (let page_number = 1; ; page_number++) {
      const page = await get<Page<Row>>(`${path}?limit=100&page_number=${page_number}`);
      rows.push(...page.data);
      if (page.has_more) continue;
      assert.equal(rows.length, page.total);
      return rows;
    }
  };
  const files = () => allRows<File>('/files');
  const content = async (fileId: string) =>
    Buffer.from(await (await ask('GET', `/${name}/files/${fileId}`)).arrayBuffer());
  const filesByName = async (): Promise<Map<string, File>> => {
    const rows = await files();
    const byName = new Map(rows.map((row) => [row.name, row]));
    assert.equal(byName.size, rows.length, 'a name is there twice');
    return byName;
  };
  const session = (id: string) => get<UploadSessionStatus>(`/upload_sessions/${id}`);

  return {
    name,
    files,
    filesByName,
    content,
    contentsByName: async (): Promise<Map<string, Buffer>> =>
      new Map(
        await Promise.all(
          Array.from(
            await filesByName(),
            async ([file, { file_id }]) => [file, await content(file_id)] as const,
          ),
        ),
      ),
    /** The status of a request for the content. */
    statusOf: async (fileId: string): Promise<number> =>
      (await fetch(`${baseUrl}/api/v1/workspaces/${name}/files/${fileId}`, { headers })).status,
    /** Puts a file there, without a session. Resolves to its id. */
    add: async (file: string, body: string | Uint8Array<ArrayBuffer>, meta: object = {}): Promise<string> => {
      const form = new FormData();
      form.set('meta', JSON.stringify(meta));
      form.set('file', new Blob([body]), file);
      const added = (await (await ask('POST', `/${name}/files`, form)).json()) as { file_id: string };
      return added.file_id;
    },
    sessions: () => allRows<UploadSession>('/upload_sessions'),
    session,
    openSession: async (request: CreateUploadSession = {}): Promise<CreatedUploadSession> =>
      (await (await ask('POST', `/${name}/upload_sessions`, request)).json()) as CreatedUploadSession,
    closeSession: async (id: string): Promise<void> => {
      await ask('PUT', `/${name}/upload_sessions/${id}`, { status: 'CLOSED' });
    },
    sessionFiles: (id: string) => allRows<UploadSessionFile>(`/upload_sessions/${id}/files`),
    /** The session once all of its files are final. LIF.15: on the way its counters add up, and never go down. */
    ingested: (id: string): Promise<UploadSessionStatus> => {
      let seen = { finished_files: 0, failed_files: 0 };
      return eventually(async () => {
        const found = await session(id);
        const counted = found.ingestion_status;
        assert.ok(counted.finished_files >= seen.finished_files && counted.failed_files >= seen.failed_files);
        assert.equal(counted.finished_files + counted.failed_files + found.pending_files, found.total_files);
        seen = counted;
        return found.ingested_at === null ? undefined : found;
      });
    },
    remove: async (): Promise<void> => {
      await ask('DELETE', `/${name}`);
    },
  };
};

/** POSTs one file with a form. */
export const post = async (form: UploadForm, name: string, content: string): Promise<void> => {
  const body = new FormData();
  for (const [field, value] of Object.entries(form.fields)) body.append(field, value);
  body.append('file', new Blob([content]), encodeFileName(name));
  const reply = await fetch(form.url, { method: 'POST', body });
  assert.ok(reply.ok, `${reply.status} ${await reply.text()}`);
};
