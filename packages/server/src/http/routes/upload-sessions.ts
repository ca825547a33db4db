import {
  CloseUploadSession,
  CreatedUploadSession,
  CreateUploadSession,
  ListUploadSessionFilesQuery,
  ListUploadSessionsQuery,
  UploadSessionFilePage,
  UploadSessionPage,
  UploadSessionStatus,
  Uuid,
} from '@sluice/contract';
import Type from 'typebox';
import { formatInstant } from '../../domain/instant.ts';
import type { SessionFile } from '../../domain/session.ts';
import type { SessionView, UploadSessions } from '../../service/upload-sessions.ts';
import { answers, NoContent } from '../answers.ts';
import { principalOf, workspaceOf } from '../authentication.ts';
import { pageRequest, WorkspaceParams } from '../lists.ts';
import { sendPage } from '../send-rows.ts';
import type { App } from '../typed-fastify.ts';

const SessionParams = Type.Object({ ...WorkspaceParams.properties, session_id: Uuid() });
const BASE = '/api/v1/workspaces/:workspace_name/upload_sessions';
const tags = ['Upload sessions'];

export const uploadSessionRoutes = (
  app: App,
  { uploadSessions, documentationUrl }: { uploadSessions: UploadSessions; documentationUrl: () => string },
): void => {
  app.post(
    BASE,
    {
      config: { permission: 'sessions:write' },
      schema: {
        tags,
        summary: 'Open an upload session',
        description:
          'Returns a form. POST every file, and every `<name>.meta.json` sidecar, to its `url` as multipart/form-data: ' +
          'all `fields` first, the part `file` last. Then close the session.',
        params: WorkspaceParams,
        body: CreateUploadSession,
        response: answers(201, CreatedUploadSession, [402, 404, 406]),
      },
    },
    async (request, reply) => {
      const { session, form } = await uploadSessions.create(
        principalOf(request),
        workspaceOf(request),
        request.body,
      );
      return reply.code(201).send({
        session_id: session.id,
        documentation_url: documentationUrl(),
        expires_at: formatInstant(session.expiresAt),
        aws_prefixed_request_config: form,
      });
    },
  );

  app.get(
    BASE,
    {
      config: { permission: 'sessions:read' },
      schema: {
        tags,
        summary: 'List upload sessions',
        params: WorkspaceParams,
        querystring: ListUploadSessionsQuery,
        response: answers(200, UploadSessionPage, [404]),
      },
    },
    async (request, reply) => {
      const { query } = request;
      const found = await uploadSessions.list(principalOf(request), workspaceOf(request), {
        ...pageRequest(query),
        isExpired: query.is_expired === true,
        field: query.field ?? 'created_at',
        order: query.order ?? 'DESC',
      });
      return sendPage(reply, found, wireSession);
    },
  );

  app.get(
    `${BASE}/:session_id`,
    {
      config: { permission: 'sessions:read' },
      schema: {
        tags,
        summary: 'How far an upload session is',
        params: SessionParams,
        response: answers(200, UploadSessionStatus, [404]),
      },
    },
    async (request) => {
      const { session_id } = request.params;
      const session = await uploadSessions.get(principalOf(request), workspaceOf(request), session_id);
      return wireStatus(session, documentationUrl());
    },
  );

  app.get(
    `${BASE}/:session_id/files`,
    {
      config: { permission: 'sessions:read' },
      schema: {
        tags,
        summary: 'What became of every file of a session',
        params: SessionParams,
        querystring: ListUploadSessionFilesQuery,
        response: answers(200, UploadSessionFilePage, [404]),
      },
    },
    async (request, reply) => {
      const { query, params } = request;
      const found = await uploadSessions.files(
        principalOf(request),
        workspaceOf(request),
        params.session_id,
        {
          ...pageRequest(query),
          status: query.ingestion_status ?? null,
        },
      );
      return sendPage(reply, found, wireFile);
    },
  );

  app.put(
    `${BASE}/:session_id`,
    {
      config: { permission: 'sessions:write' },
      schema: {
        tags,
        summary: 'Close an upload session',
        description: 'No upload is accepted from then on; ingestion starts. Answers at once.',
        params: SessionParams,
        body: CloseUploadSession,
        response: answers(204, NoContent, [404, 409]),
      },
    },
    async (request, reply) => {
      await uploadSessions.close(principalOf(request), workspaceOf(request), request.params.session_id);
      return reply.code(204).send(null);
    },
  );
};

const wireCreator = ({ creator }: SessionView) => ({
  user_id: creator.id,
  given_name: creator.givenName,
  family_name: creator.familyName,
});

const wireSession = (session: SessionView) => ({
  session_id: session.id,
  created_at: formatInstant(session.createdAt),
  created_by: wireCreator(session),
  expires_at: formatInstant(session.expiresAt),
  status: session.status,
  write_mode: session.writeMode,
  parallel_processing_enabled: session.parallelProcessingEnabled,
  closed_at: session.closedAt === null ? null : formatInstant(session.closedAt),
});

const wireStatus = (session: SessionView, documentationUrl: string) => ({
  ...wireSession(session),
  documentation_url: documentationUrl,
  ingestion_status: { failed_files: session.failedFiles, finished_files: session.finishedFiles },
  ingested_at: session.ingestedAt === null ? null : formatInstant(session.ingestedAt),
  total_files: session.totalFiles,
  pending_files: session.totalFiles - session.finishedFiles - session.failedFiles,
  orphan_sidecars: session.orphanSidecars,
});

const wireFile = (file: SessionFile) => ({
  file_ingestion_id: file.id,
  name: file.name,
  ingestion_status: file.status,
  ingestion_status_reason: file.reason,
  ingestion_status_message: file.message,
  file_id: file.fileId,
  size: file.size,
  created_at: formatInstant(file.createdAt),
});
