import { Readable } from 'node:stream';
import { type DomainError, notFound } from '../../domain/errors.ts';
import type { FileHead, FileRecord, Metadata } from '../../domain/file.ts';
import { AT_ONCE } from '../../domain/instant.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { createPace } from '../breathe.ts';
import type { FilePage, FileSearch } from '../ports/files.ts';
import type { JobQueue } from '../ports/jobs.ts';
import type { ByteRange, ObjectStore } from '../ports/objects.ts';
import type { Rows } from '../ports/paging.ts';
import type { Store, Writer } from '../ports/store.ts';
import type { Observer } from '../ports/telling.ts';
import { createQueues } from '../queues.ts';
import type { Workspaces } from '../workspaces.ts';
import { changeMetadata, type MetadataChange } from './change-metadata.ts';
import { createFileTotals } from './file-totals.ts';
import { createFilterWarnings } from './filter-warnings.ts';

/** Files that one transaction deletes or changes at most, and at least. Those changed may have much metadata each. */
const BATCH = 500;
const FEW = { deleted: 100, changed: 16 };

/** Names that are looked up at a time. */
const NAMES = 1000;

export type Files = ReturnType<typeof createFiles>;

export const createFiles = ({
  store,
  objects,
  jobs,
  observer,
  workspaces,
}: {
  store: Store;
  objects: ObjectStore;
  jobs: JobQueue;
  workspaces: Pick<Workspaces, 'metadataFields'>;
  observer: Pick<Observer, 'objectLost'>;
}) => {
  const totalOf = createFileTotals(store.read.files);
  const warningsOf = createFilterWarnings(store.read.files, workspaces);

  const get = async (workspace: Workspace, id: string): Promise<FileRecord> => {
    const file = await store.read.files.get(workspace.id, id);
    if (!file) throw notFound('File');
    return file;
  };

  /** Rows first, objects after the commit: whoever still reads finds both, or neither. */
  const remove = async (files: readonly FileHead[], tx: Writer): Promise<void> => {
    await tx.files.remove(files);
    await tx.garbage.add(
      files.map((file) => file.objectKey),
      AT_ONCE,
    );
  };

  const oneAtATime = createQueues();

  return {
    get,

    list: async (
      workspace: Workspace,
      search: Omit<FileSearch, 'workspaceId'>,
      page: FilePage,
    ): Promise<Rows<FileRecord> & { warnings: string[] }> => {
      const whole = { ...search, workspaceId: workspace.id };
      const found = await store.read.files.list(whole, { ...page, limit: page.limit + 1 });
      const total = await totalOf(workspace, whole);
      const warnings = await warningsOf(workspace, whole);
      return { rows: found.slice(0, page.limit), hasMore: found.length > page.limit, total, warnings };
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
    setMetadata: async (workspace: Workspace, id: string, changes: Metadata): Promise<Metadata> => {
      const [outcome] = await store.write((tx) => changeMetadata(tx, workspace, [[id, changes]]), 'short');
      if (outcome?.error) throw outcome.error;
      return outcome?.metadata ?? {};
    },

    /**
     * Each file by itself: one that fails does not keep the others from changing. In steps, each of which is done whole
     * or not at all, as are those of `deleteMany`; once the signal is aborted no other step begins.
     */
    setManyMetadata: async (
      workspace: Workspace,
      changes: readonly MetadataChange[],
      signal: AbortSignal,
    ): Promise<{ updated: number; failures: { id: string; error: DomainError }[] }> =>
      oneAtATime(workspace.id, async () => {
        const failures: { id: string; error: DomainError }[] = [];
        const pace = createPace(FEW.changed, BATCH);
        let at = 0;
        while (at < changes.length && !signal.aborted) {
          await pace(async (size) => {
            const step = changes.slice(at, at + size);
            const outcomes = await store.write((tx) => changeMetadata(tx, workspace, step), 'batch');
            for (const { id, error } of outcomes) if (error) failures.push({ id, error });
            at += step.length;
          });
        }
        return { updated: at - failures.length, failures };
      }),

    delete: async (workspace: Workspace, id: string): Promise<void> => {
      await store.write(async (tx) => {
        await tx.files.lockWorkspace(workspace.id);
        const file = await tx.files.get(workspace.id, id);
        if (!file) throw notFound('File');
        await remove([file], tx);
      }, 'short');
      jobs.enqueue({ kind: 'collect_garbage' });
    },

    /** All files of these names, or all files. Resolves to how many that were. */
    deleteMany: async (
      workspace: Workspace,
      names: readonly string[] | null,
      signal: AbortSignal,
    ): Promise<number> => {
      let deleted = 0;
      const pace = createPace(FEW.deleted, BATCH);
      /** @returns whether there may be more of them */
      const step = (some?: readonly string[]): Promise<boolean> =>
        pace(async (size) => {
          const count = await store.write(async (tx) => {
            await tx.files.lockWorkspace(workspace.id);
            const files = await tx.files.some(workspace.id, size, some);
            if (files.length > 0) await remove(files, tx);
            return files.length;
          }, 'batch');
          deleted += count;
          return count === size;
        });
      const spelled = names && [...new Set(names.map((name) => name.normalize('NFC')))];
      const parts = spelled ? inParts(spelled, NAMES) : [undefined];
      await oneAtATime(workspace.id, async () => {
        for (const part of parts) while (!signal.aborted && (await step(part)));
      });
      jobs.enqueue({ kind: 'collect_garbage' });
      return deleted;
    },
  };
};

function* inParts<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}
