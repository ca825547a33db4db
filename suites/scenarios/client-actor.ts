import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  ApiError,
  ConnectionError,
  createClient,
  type FilePath,
  scanDirectory,
  type UploadInput,
  type UploadOptions,
} from '@sluice/client/node';
import { type Actor, type Address, Refusal, Unreachable, type UploadWishes } from './actor.ts';
import { eventually } from './eventually.ts';

/** Someone who writes TypeScript. */
export const clientActor = (address: Address): Actor => {
  // Three tries, as at the command line: scenarios without a server want to end soon.
  const client = createClient({ ...address, retry: { attempts: 3 } });
  return rejectingAlike({
    upload: async (workspace, paths, wishes = {}) => {
      const options = uploadOptions(wishes);
      const scan = given({ recursive: wishes.recursive, fileTypes: wishes.fileTypes });
      const [only] = paths;
      const {
        sessionId,
        results,
        orphanSidecars: orphans,
      } = paths.length === 1 && only !== undefined && (await stat(only)).isDirectory()
        ? await client.uploadDirectory(workspace, only, { ...options, ...scan })
        : await client.uploadFiles(workspace, await inputsAt(paths, scan), options);
      return { sessionId, results, orphanSidecars: orphans };
    },

    listFiles: async (workspace, wishes = {}) => {
      const batches = await Array.fromAsync(client.listFiles(workspace, wishes));
      assertBatches(batches, wishes.batchSize);
      return batches.flat();
    },

    download: async (workspace, folder, { safeMode, batchSize, ...wishes } = {}) => {
      const { name, filter } = wishes;
      const some = { files: client.files.listAll(workspace, given({ name, filter, limit: batchSize })) };
      const download = await client.downloadFiles(workspace, folder, {
        ...given(wishes),
        ...(batchSize === undefined ? {} : some),
        ...(safeMode ? { concurrency: 1 } : {}),
      });
      for (const status of ['saved', 'skipped', 'failed'] as const) {
        assert.equal(download.results.filter((result) => result.status === status).length, download[status]);
      }
      return download.results;
    },

    deleteFiles: async (workspace, names) => (await client.deleteFiles(workspace, { names })).deletedCount,

    updateMetadata: async (workspace, fileId, changes) => {
      const result = await client.updateMetadata(workspace, { [fileId]: { ...changes } });
      if (result.failed_count > 0) throw new Error(result.failed_files[0]?.error_message);
      return client.files.metadata(workspace, fileId);
    },

    listSessions: async (workspace, wishes = {}) => {
      const batches = await Array.fromAsync(client.listUploadSessions(workspace, wishes));
      assertBatches(batches, wishes.batchSize);
      return batches.flat();
    },
    session: (workspace, sessionId) => client.getUploadSession(workspace, sessionId),
    sessionFiles: (workspace, sessionId, status) =>
      Array.fromAsync(
        client.uploadSessions.allFiles(workspace, sessionId, given({ ingestion_status: status })),
      ),
    watchSession: (workspace, sessionId) =>
      eventually(async () => {
        const session = await client.getUploadSession(workspace, sessionId);
        return session.ingested_at === null ? undefined : session;
      }),
    closeSession: (workspace, sessionId) => client.uploadSessions.close(workspace, sessionId),
  });
};

export const uploadOptions = (wishes: UploadWishes): UploadOptions => {
  const { writeMode, wait, orphanSidecars, parallelProcessing, safeMode } = wishes;
  return given({
    writeMode,
    wait,
    orphanSidecars,
    parallelProcessingEnabled: parallelProcessing,
    concurrency: safeMode ? 1 : undefined,
  });
};

/** Files by their own names, those of folders by their paths below them. */
export const inputsAt = async (
  paths: readonly string[],
  scan: { recursive?: boolean; fileTypes?: readonly string[] },
): Promise<(UploadInput & { body: FilePath })[]> => {
  const inputs: (UploadInput & { body: FilePath })[] = [];
  for (const path of paths) {
    if (!(await stat(path)).isDirectory()) inputs.push({ name: basename(path), body: { path } });
    else {
      const found = await scanDirectory(path, scan);
      inputs.push(...found.map((file) => ({ name: file.relativePath, body: { path: file.path } })));
    }
  }
  return inputs;
};

/** All are full but the last, and that holds something. */
const assertBatches = (batches: readonly unknown[][], size: number | undefined): void => {
  if (size === undefined) return;
  const sizes = batches.map(({ length }) => length);
  assert.ok(sizes.slice(0, -1).every((length) => length === size));
  assert.ok(sizes.length === 0 || (sizes.at(-1) as number) > 0);
};

const rejectingAlike = (actor: Actor): Actor =>
  Object.fromEntries(
    Object.entries(actor).map(([name, act]) => [
      name,
      async (...args: unknown[]) => {
        try {
          return await (act as (...args: unknown[]) => Promise<unknown>)(...args);
        } catch (error) {
          if (error instanceof ApiError) throw new Refusal(error.status, error.detail);
          if (error instanceof ConnectionError) throw new Unreachable(error.message);
          throw error;
        }
      },
    ]),
  ) as Actor;

type Given<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

export const given = <T extends object>(wishes: T): Given<T> =>
  Object.fromEntries(Object.entries(wishes).filter(([, value]) => value !== undefined)) as Given<T>;
