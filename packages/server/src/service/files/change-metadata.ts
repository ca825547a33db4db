import { type DomainError, notFound } from '../../domain/errors.ts';
import type { Metadata } from '../../domain/file.ts';
import { mergeMetadata, metadataProblem } from '../../domain/metadata/metadata.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Writer } from '../ports/store.ts';

/** The id of a file, and the keys to set in its metadata; null deletes one. */
export type MetadataChange = readonly [id: string, changes: Metadata];

export type ChangedMetadata =
  | { id: string; metadata: Metadata; error?: never }
  | { id: string; error: DomainError; metadata?: never };

/** Changes the metadata of files, of each by itself, in few statements. Resolves to what became of each, in their order. */
export const changeMetadata = async (
  tx: Writer,
  workspace: Workspace,
  changes: readonly MetadataChange[],
): Promise<ChangedMetadata[]> => {
  await tx.files.lockWorkspace(workspace.id);
  const files = await tx.files.getMany(
    workspace.id,
    changes.map(([id]) => id),
  );
  const outcomes = changes.map(([id, change]): ChangedMetadata => {
    const file = files.get(id);
    if (!file) return { id, error: notFound('File') };
    const metadata = mergeMetadata(file.metadata, change);
    const error = metadataProblem(metadata);
    return error === null ? { id, metadata } : { id, error };
  });
  await tx.files.setMetadataMany(outcomes.filter((outcome) => outcome.error === undefined));
  return outcomes;
};
