import { Readable } from 'node:stream';
import { DomainError, notFound } from '../domain/errors.ts';
import type { FileRecord, Metadata } from '../domain/file.ts';
import { mergeMetadata, metadataProblem } from '../domain/metadata.ts';
import type { Workspace } from '../domain/workspace.ts';
import { createFileTotals } from './file-totals.ts';
import type {
  ByteRange,
  Clock,
  FilePage,
  FileSearch,
  JobQueue,
  ObjectStore,
  Observer,
  Rows,
  Store,
  Writer,
} from './ports.ts';

/** Files that one transaction deletes. */
const BATCH = 500;

export type Files = ReturnType<typeof createFiles>;

export const createFiles = ({
  store,
  objects,
  jobs,
  clock,
  observer,
}: {
  store: Store;
  objects: ObjectStore;
  jobs: JobQueue;
  clock: Clock;
  observer: Pick<Observer, 'objectLost'>;
}) => {
  const totalOf = createFileTotals(store);

  const get = async (workspace: Workspace, id: string): Promise<FileRecord> => {
    const file = await store.read.files.get(workspace.id, id);
    if (!file) throw notFound('File');
    return file;
  };

  /** Rows first, objects after the commit: whoever still reads finds both, or neither. */
  const remove = async (files: readonly FileRecord[], tx: Writer): Promise<void> => {
    await tx.files.remove(files);
    await tx.garbage.add(
      files.map((file) => file.objectKey),
      clock(),
    );
  };

  const setMetadata = (workspace: Workspace, id: string, changes: Metadata): Promise<Metadata> =>
    store.write(async (tx) => {
      await tx.files.lockWorkspace(workspace.id);
      const file = await tx.files.get(workspace.id, id);
      if (!file) throw notFound('File');
      const metadata = mergeMetadata(file.metadata, changes);
      const problem = metadataProblem(metadata);
      if (problem !== null) {
        throw new DomainError(/larger than/.test(problem) ? 'METADATA_TOO_LARGE' : 'BAD_REQUEST', problem);
      }
      await tx.files.setMetadata(file, metadata);
      return metadata;
    });

  return {
    get,

    list: async (
      workspace: Workspace,
      search: Omit<FileSearch, 'workspaceId'>,
      page: FilePage,
    ): Promise<Rows<FileRecord>> => {
      const whole = { ...search, workspaceId: workspace.id };
      const found = await store.read.files.list(whole, { ...page, limit: page.limit + 1 });
      const total = await totalOf(workspace, whole);
      return { rows: found.slice(0, page.limit), hasMore: found.length > page.limit, total };
    },

    /**
     * The bytes of a file, or of a range of them, with the row they belong to.
     * @param chooseRange called with the row; a range behind the end has no bytes. May be called a second time, with the row
     * that replaced the first
     */
    content: async (
      workspace: Workspace,
      id: string,
      chooseRange: (file: FileRecord) => ByteRange | undefined,
    ): Promise<{ file: FileRecord; range: ByteRange | undefined; body: Readable }> => {
      let file = await get(workspace, id);
      for (;;) {
        const range = chooseRange(file);
        const isBehind = range !== undefined && range.start >= file.size;
        const body = isBehind ? Readable.from([]) : await objects.read(file.objectKey, range);
        if (body) return { file, range, body };
        // An overwrite may have come between the two reads: then there is other content by now.
        const now = await get(workspace, id);
        if (now.objectKey === file.objectKey) {
          observer.objectLost({ fileId: file.id, key: file.objectKey });
          throw notFound('The content of the file');
        }
        file = now;
      }
    },

    /** Sets keys, null deletes one. @throws METADATA_TOO_LARGE, BAD_REQUEST */
    setMetadata,

    /** Each file by itself: one that fails does not keep the others from changing. */
    setManyMetadata: async (
      workspace: Workspace,
      changes: ReadonlyMap<string, Metadata>,
    ): Promise<{ id: string; error: DomainError }[]> => {
      const failures: { id: string; error: DomainError }[] = [];
      for (const [id, change] of changes) {
        try {
          await setMetadata(workspace, id, change);
        } catch (error) {
          if (!(error instanceof DomainError)) throw error;
          failures.push({ id, error });
        }
      }
      return failures;
    },

    delete: async (workspace: Workspace, id: string): Promise<void> => {
      await store.write(async (tx) => {
        await tx.files.lockWorkspace(workspace.id);
        const file = await tx.files.get(workspace.id, id);
        if (!file) throw notFound('File');
        await remove([file], tx);
      });
      jobs.enqueue({ kind: 'collect_garbage' });
    },

    /** All files of these names, or all files; in steps, so that none keeps other writers waiting. */
    deleteMany: async (workspace: Workspace, names: readonly string[] | null): Promise<number> => {
      let deleted = 0;
      const step = (some: (tx: Writer) => Promise<FileRecord[]>): Promise<number> =>
        store.write(async (tx) => {
          await tx.files.lockWorkspace(workspace.id);
          const files = await some(tx);
          await remove(files, tx);
          return files.length;
        });
      if (names === null) {
        for (;;) {
          const count = await step((tx) => tx.files.some(workspace.id, BATCH));
          deleted += count;
          if (count < BATCH) break;
        }
      } else {
        const spelled = [...new Set(names.map((name) => name.normalize('NFC')))];
        for (let at = 0; at < spelled.length; at += BATCH) {
          const part = spelled.slice(at, at + BATCH);
          deleted += await step(async (tx) =>
            [...(await tx.files.withNames(workspace.id, part)).values()].flat(),
          );
        }
      }
      jobs.enqueue({ kind: 'collect_garbage' });
      return deleted;
    },
  };
};
