import Type from 'typebox';
import { Nullable, OneOf, Timestamp, Uuid } from './formats.ts';
import { OrderQuery, Page, PageQuery } from './paging.ts';
import { INGESTION_REASONS, INGESTION_STATUSES, SESSION_STATUSES, WRITE_MODES } from './words.ts';

/** Longest life of a session, and its life when none is asked for, in seconds. */
export const MAX_SESSION_SECONDS = 86_400;

export const CreateUploadSession = Type.Object({
  write_mode: Type.Optional(OneOf(WRITE_MODES, { default: 'KEEP' })),
  parallel_processing_enabled: Type.Optional(
    Type.Boolean({
      default: false,
      description:
        'Ingest without waiting for other sessions of the workspace, and without being waited for.',
    }),
  ),
  expires_in_seconds: Type.Optional(
    Nullable(Type.Integer({ minimum: 1, maximum: MAX_SESSION_SECONDS, default: MAX_SESSION_SECONDS })),
  ),
});
export type CreateUploadSession = Type.Static<typeof CreateUploadSession>;

/** A form for multipart/form-data POSTs: send every field, then the part `file` last. */
export const UploadForm = Type.Object({
  url: Type.String({ description: 'Where to POST.' }),
  fields: Type.Record(Type.String(), Type.String(), { description: 'Fields to send before the file.' }),
});
export type UploadForm = Type.Static<typeof UploadForm>;

export const CreatedUploadSession = Type.Object({
  session_id: Uuid(),
  documentation_url: Type.String(),
  expires_at: Timestamp('Uploads are accepted until then; the session then closes by itself.'),
  aws_prefixed_request_config: UploadForm,
});
export type CreatedUploadSession = Type.Static<typeof CreatedUploadSession>;

export const Creator = Type.Object({
  user_id: Uuid(),
  given_name: Type.String(),
  family_name: Type.String(),
});

export const UploadSession = Type.Object({
  session_id: Uuid(),
  created_at: Timestamp(),
  created_by: Creator,
  expires_at: Timestamp(),
  status: OneOf(SESSION_STATUSES),
  write_mode: OneOf(WRITE_MODES),
  parallel_processing_enabled: Type.Boolean(),
  closed_at: Nullable(Timestamp('When a client closed it; null if none did.')),
});
export type UploadSession = Type.Static<typeof UploadSession>;

export const UploadSessionStatus = Type.Object({
  session_id: Uuid(),
  expires_at: Timestamp(),
  documentation_url: Type.String(),
  ingestion_status: Type.Object({
    failed_files: Type.Integer({ minimum: 0 }),
    finished_files: Type.Integer({ minimum: 0 }),
  }),
  status: OneOf(SESSION_STATUSES),
  write_mode: OneOf(WRITE_MODES),
  parallel_processing_enabled: Type.Boolean(),
  created_at: Timestamp(),
  created_by: Creator,
  closed_at: Nullable(Timestamp()),
  ingested_at: Nullable(Timestamp('When the last file reached its final state; null before.')),
  total_files: Type.Integer({ minimum: 0, description: 'Files received, sidecars not counted.' }),
  pending_files: Type.Integer({ minimum: 0, description: 'total_files - finished_files - failed_files.' }),
  orphan_sidecars: Type.Array(Type.String(), {
    description: 'Sidecars that came without their file, at most 100. They count nowhere.',
  }),
});
export type UploadSessionStatus = Type.Static<typeof UploadSessionStatus>;

/** `name` sorts by session id, `ingestion_status_reason` by the number of failed files, `file_count` by all files. */
export const SESSION_SORT_FIELDS = [
  'created_at',
  'expires_at',
  'ingestion_status_reason',
  'name',
  'file_count',
  'status',
  'write_mode',
] as const;
export type SessionSortField = (typeof SESSION_SORT_FIELDS)[number];

export const ListUploadSessionsQuery = Type.Object({
  is_expired: Type.Optional(
    Nullable(
      Type.Boolean({
        description:
          'true: sessions whose expires_at has passed. Else those whose expires_at has not, closed or open.',
      }),
    ),
  ),
  ...PageQuery,
  field: Type.Optional(OneOf(SESSION_SORT_FIELDS, { default: 'created_at' })),
  order: Type.Optional(OrderQuery('DESC')),
});
export type ListUploadSessionsQuery = Type.Static<typeof ListUploadSessionsQuery>;

export const UploadSessionPage = Page(UploadSession);
export type UploadSessionPage = Type.Static<typeof UploadSessionPage>;

export const UploadSessionFile = Type.Object({
  file_ingestion_id: Uuid(),
  name: Type.String({ description: 'The name the file has, or will have, in the workspace.' }),
  ingestion_status: OneOf(INGESTION_STATUSES),
  ingestion_status_reason: Nullable(OneOf(INGESTION_REASONS)),
  ingestion_status_message: Nullable(Type.String({ description: 'Why it failed, in a sentence.' })),
  file_id: Nullable(Uuid('The file in the workspace, once FINISHED.')),
  size: Type.Integer({ minimum: 0, description: 'Bytes.' }),
  created_at: Timestamp('When the upload arrived.'),
});
export type UploadSessionFile = Type.Static<typeof UploadSessionFile>;

export const ListUploadSessionFilesQuery = Type.Object({
  ingestion_status: Type.Optional(Nullable(OneOf(INGESTION_STATUSES))),
  ...PageQuery,
});
export type ListUploadSessionFilesQuery = Type.Static<typeof ListUploadSessionFilesQuery>;

export const UploadSessionFilePage = Page(UploadSessionFile);
export type UploadSessionFilePage = Type.Static<typeof UploadSessionFilePage>;

/** Older generated clients send `closed`, or nothing at all: all three close. */
export const CloseUploadSession = Type.Object({
  status: Type.Optional(Type.Union([Type.Literal('CLOSED'), Type.Literal('closed')], { default: 'CLOSED' })),
});
