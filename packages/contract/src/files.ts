import Type from 'typebox';
import { FileName, JsonObject, LimitedRecord, Nullable, OneOf, Timestamp, Uuid } from './formats.ts';
import { Limit, OrderQuery, Page, PageNumber } from './paging.ts';
import { WRITE_MODES } from './words.ts';

/**
 * What the metadata of one file may be: `totalBytes` as UTF-8 JSON, `valueBytes` one text of it, `numberCharacters` one number
 * as it is written, `depth` levels, `values` keys of all levels and elements of lists together, `pathBytes` a key with all
 * those above it.
 */
export const METADATA_LIMITS = {
  totalBytes: 250_000,
  valueBytes: 32_766,
  numberCharacters: 40,
  depth: 32,
  values: 2_000,
  pathBytes: 1_024,
} as const;

/** Names in one deletion, files in one bulk change of metadata, keys in the change of one file. */
export const BULK_LIMITS = { names: 10_000, files: 10_000, keys: 10_000 } as const;

/** Characters a filter may have; its parser has limits of its own, in bytes and in parts. */
export const MAX_FILTER_LENGTH = 10_000;

/** Keys a file's metadata may not have. */
export const RESERVED_METADATA_KEYS = ['id', '_id'] as const;

export const File = Type.Object({
  file_id: Uuid(),
  url: Type.String({ description: 'Path of the content on this server, with that of its public URL.' }),
  name: Type.String(),
  size: Type.Integer({ minimum: 0, description: 'Bytes.' }),
  characters: Type.Integer({
    minimum: 0,
    description: 'Characters of a file made from text; 0 where the content was not read as text.',
  }),
  created_at: Timestamp(),
  meta: JsonObject(),
  languages: Nullable(Type.Array(Type.String())),
});
export type File = Type.Static<typeof File>;

export const FilePage = Type.Object({
  ...Page(File).properties,
  warnings: Type.Array(Type.String(), {
    description:
      'Sentences, five at most: the filter asks for a key, or for a type of value, that no file has. For people.',
  }),
});
export type FilePage = Type.Static<typeof FilePage>;

export const FILE_SORT_FIELDS = ['created_at', 'name'] as const;
export type FileSortField = (typeof FILE_SORT_FIELDS)[number];

export const ListFilesQuery = Type.Object({
  limit: Type.Optional(Limit),
  page_number: Type.Optional(PageNumber),
  name: Type.Optional(FileName('Part of the name, taken literally, case-sensitive.')),
  filter: Type.Optional(
    Type.String({
      maxLength: MAX_FILTER_LENGTH,
      description:
        "OData expression over metadata, `created_at`, `name` and `size`: `category eq 'news' and year ge 2024`. " +
        'Operators: eq ne gt ge lt le and or not in, parentheses, contains startswith endswith. Whole numbers are exact. ' +
        'A time without quotes is a moment, in quotes a text: `published ge 2025-01-01T00:00:00Z`; a date is its midnight in UTC.',
    }),
  ),
  meta_key: Type.Optional(
    Type.String({
      maxLength: METADATA_LIMITS.pathBytes,
      deprecated: true,
      description:
        'As older clients ask: a key of the metadata. Alone: the files with a value there but null.',
    }),
  ),
  meta_value: Type.Optional(
    Type.String({
      maxLength: MAX_FILTER_LENGTH,
      deprecated: true,
      description:
        'With meta_key: the value as text. Numbers, true and false are found by theirs, lists by an element, or all as JSON.',
    }),
  ),
  after_value: Type.Optional(
    FileName('With after_file_id: the sort value of the last row of the page before.'),
  ),
  after_file_id: Type.Optional(Uuid('With after_value: the id of the last row of the page before.')),
  field: Type.Optional(OneOf(FILE_SORT_FIELDS, { default: 'created_at' })),
  order: Type.Optional(OrderQuery('ASC')),
  include_temporary: Type.Optional(Type.Boolean({ default: false, description: 'TEMPORARY files as well.' })),
});
export type ListFilesQuery = Type.Static<typeof ListFilesQuery>;

export const UploadFileQuery = Type.Object({
  write_mode: Type.Optional(OneOf(WRITE_MODES, { default: 'KEEP' })),
  file_name: Type.Optional(
    Type.String({
      maxLength: 4096, // what is too long is told in bytes, with 400
      description:
        'Name of a file made from the part `text`. With `file`: the name once more, which tells %22 from a quote.',
    }),
  ),
});
export type UploadFileQuery = Type.Static<typeof UploadFileQuery>;

/** Bytes that no server takes more of in one upload; most are set to less. */
const MAX_CONTENT = 5 * 1024 ** 3;

const Content = (contentMediaType: string, description: string) =>
  Type.Unsafe<unknown>({ type: 'string', contentMediaType, maxLength: MAX_CONTENT, description });

/** The parts of a single upload, in any order: `file`, or `text`. */
export const UploadFileForm = Type.Object({
  file: Type.Optional(Content('application/octet-stream', 'The content, with its name.')),
  text: Type.Optional(Content('text/plain', 'Content instead of `file`; the name is in the query.')),
  meta: Type.Optional(
    Type.String({ description: 'A JSON object.', default: '{}', maxLength: METADATA_LIMITS.totalBytes }),
  ),
});

export const UploadedFile = Type.Object({ file_id: Uuid() });
export type UploadedFile = Type.Static<typeof UploadedFile>;

const MetadataChanges = (description: string) =>
  LimitedRecord(Type.Unknown(), { description, maxProperties: BULK_LIMITS.keys, maxKeyLength: 1024 });

export const UpdateMetadataBody = MetadataChanges('Keys to set; null deletes the key. Other keys stay.');

export const BulkUpdateMetadataBody = LimitedRecord(MetadataChanges('Keys to set; null deletes the key.'), {
  description: 'File id to the keys to set; null deletes the key.',
  maxProperties: BULK_LIMITS.files,
  maxKeyLength: 64,
});
export type BulkUpdateMetadataBody = Type.Static<typeof BulkUpdateMetadataBody>;

export const BulkUpdateMetadataResult = Type.Object({
  updated_count: Type.Integer(),
  failed_count: Type.Integer(),
  failed_files: Type.Array(
    Type.Object({ file_id: Type.String(), error_type: Type.String(), error_message: Type.String() }),
  ),
});
export type BulkUpdateMetadataResult = Type.Static<typeof BulkUpdateMetadataResult>;

export const DeleteFilesBody = Type.Object({
  names: Type.Optional(
    Nullable(
      Type.Array(FileName('An exact name.'), {
        description: 'Exact names. Absent: every file of the workspace.',
        maxItems: BULK_LIMITS.names,
      }),
    ),
  ),
});
export type DeleteFilesBody = Type.Static<typeof DeleteFilesBody>;

export const DeletedFiles = Type.Object({ deleted_count: Type.Integer({ minimum: 0 }) });
export type DeletedFiles = Type.Static<typeof DeletedFiles>;
