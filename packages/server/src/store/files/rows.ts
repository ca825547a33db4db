import type { Selectable } from 'kysely';
import type { FileHead, FileRecord, Metadata } from '../../domain/file.ts';
import { parseJson } from '../../domain/json/numbers.ts';
import { INDEX_VERSION, indexEntries } from '../../domain/metadata/metadata-index.ts';
import type { ColumnTypes } from '../dialect.ts';
import type { FileMetadataTable, FileTable } from '../schema.ts';

export const FILE_COLUMNS: ColumnTypes<FileTable> = {
  number: 'bigint',
  id: 'text',
  shelf: 'bigint',
  name: 'text',
  size: 'bigint',
  characters: 'bigint',
  createdAt: 'bigint',
  objectKey: 'text',
  etag: 'text',
  temporaryUntil: 'bigint',
  metadata: 'text',
  indexVersion: 'bigint',
};

const { metadata: _metadata, indexVersion: _indexVersion, ...headColumns } = FILE_COLUMNS;

/** What a file's head is made from. */
export type HeadRow = Omit<Selectable<FileTable>, 'metadata' | 'indexVersion'>;
export const HEAD_COLUMNS = Object.keys(headColumns) as (keyof typeof headColumns)[];

export const METADATA_COLUMNS: ColumnTypes<FileMetadataTable> = {
  fileNumber: 'bigint',
  path: 'text',
  value: 'text',
  shelf: 'bigint',
  createdAt: 'bigint',
  fullValue: 'text',
};

/** Where a file's rows stand. */
export type Place = { number: number; shelf: number };

export const toFileRow = (file: FileRecord, { number, shelf }: Place): FileTable => {
  const { workspaceId: _, ...rest } = file;
  return { ...rest, number, shelf, metadata: JSON.stringify(file.metadata), indexVersion: INDEX_VERSION };
};

export const toFile = (row: Selectable<FileTable>, workspaceId: string): FileRecord => {
  const { number: _, shelf: __, indexVersion: ___, ...rest } = row;
  return { ...rest, workspaceId, metadata: parseJson(row.metadata) as Metadata };
};

export const toHead = (row: HeadRow, workspaceId: string): FileHead => {
  const { number: _, shelf: __, ...rest } = row;
  return { ...rest, workspaceId };
};

export const toMetadataRows = (
  file: Pick<FileRecord, 'createdAt' | 'metadata'>,
  { number, shelf }: Place,
): FileMetadataTable[] =>
  indexEntries(file.metadata).map((entry) => ({
    ...entry,
    fileNumber: number,
    shelf,
    createdAt: file.createdAt,
  }));
