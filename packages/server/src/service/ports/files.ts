import type { FileSortField, Order } from '@sluice/contract';
import type { FileHead, FileRecord } from '../../domain/file.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Filter } from '../../domain/odata/filter.ts';

/** What a list of files is asked for. `name` is a literal part of the name. */
export type FileSearch = {
  workspaceId: string;
  name: string | null;
  filter: Filter | null;
  includeTemporary: boolean;
};

export type FileSort = { field: FileSortField; order: Order };

/** Where the page before ended: the value of the sort field there, and the id. */
export type FileCursor = { value: string | Instant; id: string };

export type FilePage = { sort: FileSort; limit: number } & (
  | { after: FileCursor; offset?: never }
  | { offset: number; after?: never }
);

/** Files by id, by name, in lists. */
export interface FileLookup {
  get(workspaceId: string, id: string): Promise<FileRecord | undefined>;
  /** Those of these ids that there are, by id. With their metadata, up to 250,000 bytes each: ask for few at a time. */
  getMany(workspaceId: string, ids: readonly string[]): Promise<Map<string, FileRecord>>;
  /**
   * At most `limit` rows; ties of the sort field go by id, in the same order. As `count`, it rejects with INDEX_NOT_READY
   * where a filter asks for what files with old entries do not tell.
   */
  list(search: FileSearch, page: FilePage): Promise<FileRecord[]>;
  count(search: FileSearch): Promise<number>;
  /** Which of these names are taken, and by which files, the newest last. TEMPORARY files take no name. */
  withNames(workspaceId: string, names: readonly string[]): Promise<Map<string, FileHead[]>>;
}

/** What stands in the index of metadata. */
export interface MetadataIndexReader {
  /** Keys of a workspace's metadata, each with the types of its values: the first by name, in the order of their bytes. */
  metadataFields(workspaceId: string, limit: number): Promise<Map<string, string[]>>;
  /** Those of these keys that files have a value under, each with the letters of its types (`TYPE_LETTERS`). */
  metadataTypes(
    where: Pick<FileSearch, 'workspaceId' | 'includeTemporary'>,
    keys: readonly string[],
  ): Promise<Map<string, Set<string>>>;
  /** Whether the metadata of any file are indexed as an earlier version did. */
  hasOldEntries(): Promise<boolean>;
}

/** Files for work that goes in steps. */
export interface FileWalks {
  /**
   * At most `limit` files of a workspace in no order, for a deletion that goes in steps: all of them, TEMPORARY ones too,
   * or those of some names, which no TEMPORARY file takes.
   */
  some(workspaceId: string, limit: number, names?: readonly string[]): Promise<FileHead[]>;
  temporaryUntil(now: Instant, limit: number): Promise<FileHead[]>;
  /** Keys of the objects of a workspace's files that come after one, in ascending order of their bytes. */
  objectKeysAfter(workspaceId: string, after: string, limit: number): Promise<string[]>;
  /** All of them, in that order. For walks that may take long. */
  objectKeys(workspaceId: string): AsyncIterable<string>;
}

export interface FileReader extends FileLookup, MetadataIndexReader, FileWalks {}

export interface FileWriter {
  /**
   * Blocks other transactions that write files of this workspace until this one ends. Call it before reading names.
   * False where the workspace is deleted.
   */
  lockWorkspace(workspaceId: string): Promise<boolean>;
  insertMany(files: readonly FileRecord[]): Promise<void>;
  /** New content for a file that stays: everything but id and `createdAt` is taken from `file`. */
  replace(files: readonly FileRecord[]): Promise<void>;
  /** Takes the metadata of files as their new one, in few statements; files that are gone, and all else of them, stay so. */
  setMetadataMany(files: readonly Pick<FileRecord, 'id' | 'metadata'>[]): Promise<void>;
  remove(files: readonly Pick<FileRecord, 'id'>[]): Promise<void>;
  /** Indexes the metadata of some files anew that have old entries. Resolves to how many: 0 when none is left. */
  renewEntries(limit: number): Promise<number>;
}
