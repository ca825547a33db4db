import type { FileRecord } from '../../domain/file.ts';
import type { FileReader } from '../ports/files.ts';
import { everyFile } from './walks.ts';

/** A file as both sides have it; one of them may lack it. */
export type FilePair =
  | { source: FileRecord; target: FileRecord | undefined }
  | { source: undefined; target: FileRecord };

/** Walks over the files of a workspace on both sides at once, in the order of creation: memory does not grow with them. */
export async function* mergeFiles(
  source: Pick<FileReader, 'list'>,
  target: Pick<FileReader, 'list'>,
  workspaceId: string,
): AsyncGenerator<FilePair> {
  const left = everyFile(source, workspaceId);
  const right = everyFile(target, workspaceId);
  let a = await nextOf(left);
  let b = await nextOf(right);
  while (a !== undefined || b !== undefined) {
    const order = a === undefined ? 1 : b === undefined ? -1 : compare(a, b);
    if (order <= 0 && a !== undefined) {
      const target = order === 0 ? b : undefined;
      yield { source: a, target };
    } else if (b !== undefined) yield { source: undefined, target: b };
    if (order <= 0) a = await nextOf(left);
    if (order >= 0) b = await nextOf(right);
  }
}

const nextOf = async (files: AsyncGenerator<FileRecord>): Promise<FileRecord | undefined> => {
  const { done, value } = await files.next();
  return done ? undefined : value;
};

const compare = (a: FileRecord, b: FileRecord): number => {
  if (a.createdAt !== b.createdAt) return a.createdAt - b.createdAt;
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
};
