import {
  BulkUpdateMetadataBody,
  BulkUpdateMetadataResult,
  DeletedFiles,
  DeleteFilesBody,
  FilePage,
  JsonObject,
  ListFilesQuery,
  PAGE,
  UpdateMetadataBody,
  Uuid,
} from '@sluice/contract';
import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import { may } from '../../domain/accounts/access.ts';
import { invalid } from '../../domain/errors.ts';
import type { FileRecord } from '../../domain/file.ts';
import { formatInstant, parseInstant } from '../../domain/instant.ts';
import type { Filter } from '../../domain/odata/filter.ts';
import { metaPairFilter } from '../../domain/odata/meta-pair.ts';
import { parseFilter } from '../../domain/odata/parse.ts';
import type { Files } from '../../service/files/files.ts';
import type { FilePage as PageOfFiles } from '../../service/ports/files.ts';
import { answers, Bytes } from '../answers.ts';
import { principalOf, workspaceOf } from '../authentication.ts';
import { BODY_BYTES } from '../body-limits.ts';
import { WorkspaceParams } from '../lists.ts';
import { sendPage } from '../send-rows.ts';
import type { App } from '../typed-fastify.ts';
import { sendContent } from './file-content.ts';

const FileParams = Type.Object({ ...WorkspaceParams.properties, file_id: Uuid() });
const BASE = '/api/v1/workspaces/:workspace_name/files';
const tags = ['Files'];

export const fileRoutes = (app: App, { files, basePath }: { files: Files; basePath: string }): void => {
  app.get(
    BASE,
    {
      config: { permission: 'files:read' },
      schema: {
        tags,
        summary: 'List files',
        params: WorkspaceParams,
        querystring: ListFilesQuery,
        response: answers(200, FilePage, [404, 503]),
      },
    },
    async (request, reply) => {
      const { query } = request;
      const workspace = workspaceOf(request);
      const search = {
        name: query.name?.normalize('NFC') || null,
        filter: filterOf(query),
        includeTemporary: query.include_temporary === true,
      };
      const { warnings, ...page } = await files.list(workspace, search, filePage(query));
      const wire = (file: FileRecord) => wireFile(workspace.name, file, basePath);
      return sendPage(reply, page, wire, { warnings });
    },
  );

  app.get(
    `${BASE}/:file_id`,
    {
      config: { permission: 'files:read' },
      schema: {
        tags,
        summary: 'Content of a file',
        description: 'Honours Range, If-Range and If-None-Match (RFC 9110).',
        params: FileParams,
        response: answers(200, Bytes, [404, 416]),
      },
    },
    async (request, reply) => {
      const workspace = workspaceOf(request);
      return sendContent(request, reply, (chooseRange) =>
        files.content(workspace, request.params.file_id, chooseRange),
      );
    },
  );

  app.get(
    `${BASE}/:file_id/meta`,
    {
      config: { permission: 'files:read' },
      schema: {
        tags,
        summary: 'Metadata of a file',
        params: FileParams,
        response: answers(200, JsonObject(), [404]),
      },
    },
    async (request) => {
      const workspace = workspaceOf(request);
      return (await files.get(workspace, request.params.file_id)).metadata;
    },
  );

  for (const method of ['PUT', 'PATCH'] as const) {
    app.route({
      method,
      url: `${BASE}/:file_id/meta`,
      bodyLimit: BODY_BYTES.medium,
      config: { permission: 'files:write' },
      schema: {
        tags,
        summary: 'Change metadata of a file',
        description:
          'Sets the given keys, deletes those given as null, leaves the others. Answers with the result; a key without ' +
          'files:read is answered with what it set.',
        params: FileParams,
        body: UpdateMetadataBody,
        response: answers(200, JsonObject(), [400, 404, 413]),
      },
      handler: async (request) => {
        const workspace = workspaceOf(request);
        const metadata = await files.setMetadata(workspace, request.params.file_id, request.body);
        if (may(principalOf(request), 'files:read')) return metadata;
        return Object.fromEntries(
          Object.entries(metadata).filter(([name]) => Object.hasOwn(request.body, name)),
        );
      },
    });
  }

  app.post(
    `${BASE}/update-meta`,
    {
      bodyLimit: BODY_BYTES.large,
      config: { permission: 'files:write' },
      schema: {
        tags,
        summary: 'Change metadata of many files',
        params: WorkspaceParams,
        body: BulkUpdateMetadataBody,
        response: answers(200, BulkUpdateMetadataResult, [404]),
      },
    },
    async (request, reply) => {
      const { updated, failures } = await files.setManyMetadata(
        workspaceOf(request),
        Object.entries(request.body),
        whileConnected(reply),
      );
      return {
        updated_count: updated,
        failed_count: failures.length,
        failed_files: failures.map(({ id, error }) => ({
          file_id: id,
          error_type: error.code,
          error_message: error.message,
        })),
      };
    },
  );

  app.delete(
    `${BASE}/:file_id`,
    {
      config: { permission: 'files:write' },
      schema: {
        tags,
        summary: 'Delete a file',
        params: FileParams,
        response: answers(200, Type.Object({}), [404]),
      },
    },
    async (request) => {
      const workspace = workspaceOf(request);
      await files.delete(workspace, request.params.file_id);
      return {};
    },
  );

  app.delete(
    BASE,
    {
      bodyLimit: BODY_BYTES.large,
      config: { permission: 'files:write' },
      schema: {
        tags,
        summary: 'Delete files by name, or all of them',
        params: WorkspaceParams,
        body: DeleteFilesBody,
        response: answers(200, DeletedFiles, [404]),
      },
    },
    async (request, reply) => {
      const names = request.body.names ?? null;
      const deleted = await files.deleteMany(workspaceOf(request), names, whileConnected(reply));
      return { deleted_count: deleted };
    },
  );
};

type ListQuery = Type.Static<typeof ListFilesQuery>;

/** What a file has to fulfil, all of it. */
const filterOf = ({ filter, meta_key, meta_value }: ListQuery): Filter | null => {
  const written = filter?.trim() ? parseFilter(filter) : null;
  const pair = metaPairFilter(meta_key, meta_value);
  return written && pair ? { kind: 'and', of: [written, pair] } : (written ?? pair);
};

/** The cursor is the pair of sort value and id of the last row; it wins over a page number. */
const filePage = (query: ListQuery): PageOfFiles => {
  const field = query.field ?? 'created_at';
  const base = { sort: { field, order: query.order ?? 'ASC' }, limit: query.limit ?? PAGE.default };
  const { after_value: value, after_file_id: id } = query;
  if (value === undefined && id === undefined) {
    return { ...base, offset: ((query.page_number ?? 1) - 1) * base.limit };
  }
  if (value === undefined)
    throw invalid(['query', 'after_value'], 'Needed together with after_file_id', null);
  if (id === undefined) throw invalid(['query', 'after_file_id'], 'Needed together with after_value', null);
  if (field === 'name') return { ...base, after: { value: value.normalize('NFC'), id } };
  const instant = parseInstant(value);
  if (instant === undefined) throw invalid(['query', 'after_value'], 'Should be a time in ISO 8601', value);
  return { ...base, after: { value: instant, id } };
};

/** Aborted once nobody waits for the answer any more. */
const whileConnected = ({ raw }: FastifyReply): AbortSignal => {
  const gone = new AbortController();
  if (raw.closed) gone.abort();
  else raw.once('close', () => gone.abort());
  return gone.signal;
};

const wireFile = (workspaceName: string, file: FileRecord, basePath: string) => ({
  file_id: file.id,
  url: `${basePath}/api/v1/workspaces/${encodeURIComponent(workspaceName)}/files/${file.id}`,
  name: file.name,
  size: file.size,
  characters: file.characters,
  created_at: formatInstant(file.createdAt),
  meta: file.metadata,
  languages: null,
});
