import { METADATA_FIELDS_LISTED } from '@sluice/contract';
import type { Workspace } from '../../domain/workspace.ts';
import type { FileReader } from '../ports/files.ts';
import { createRecent } from '../recent.ts';

/** Workspaces whose keys are kept, up to 300 KB each; the one unused longest goes when there are more. */
const KEPT = 100;

export type MetadataFields = ReadonlyMap<string, string[]>;

/**
 * The first keys of a workspace's metadata, each with the types of its values. They are kept for as long as nothing in the
 * workspace has changed: a list of workspaces asks for all of them, again and again.
 */
export const createMetadataFields = (files: Pick<FileReader, 'metadataFields'>) => {
  const kept = createRecent<{ filesVersion: number; fields: Promise<MetadataFields> }>(KEPT);
  return async ({ id, fileCount, filesVersion }: Workspace): Promise<MetadataFields> => {
    if (fileCount === 0) return new Map();
    const known = kept.get(id);
    const entry =
      known?.filesVersion === filesVersion
        ? known
        : { filesVersion, fields: files.metadataFields(id, METADATA_FIELDS_LISTED) };
    kept.set(id, entry);
    try {
      return await entry.fields;
    } catch (error) {
      if (kept.get(id) === entry) kept.delete(id);
      throw error;
    }
  };
};
