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

/**
 * Changes the metadata of files, of each by itself, in few statements. Case does not matter in ids (RFC 9562, 4), so a file may
 * be there twice: the changes of the second go on top. Resolves to what became of each, in their order.
 */
export const changeMetadata = async (
  tx: Writer,
  workspace: Workspace,
  changes: readonly MetadataChange[],
): Promise<ChangedMetadata[]> => {
  await tx.files.lockWorkspace(workspace.id);
  const files = await tx.files.getMany(
    workspace.id,
    changes.map(([id]) => id.toLowerCase()),
  );
  const changed = new Map<string, Metadata>();
  const outcomes = changes.map(([given, change]): ChangedMetadata => {
    const id = given.toLowerCase();
    const file = files.get(id);
    if (!file) return { id: given, error: notFound('File') };
    const metadata = mergeMetadata(changed.get(id) ?? file.metadata, change);
    const error = metadataProblem(metadata);
    if (error !== null) return { id: given, error };
    changed.set(id, metadata);
    return { id: given, metadata };
  });
  await tx.files.setMetadataMany([...changed].map(([id, metadata]) => ({ id, metadata })));
  return outcomes;
};
