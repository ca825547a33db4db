import { createWriteStream } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ApiError, type NodeClient } from '@sluice/client/node';
import type { File } from '@sluice/contract';
import { type Place, reservePlace } from './reserve-place.ts';

const AT_A_TIME = 8;

export type Saved = { file: File; path: string; message: null } | { file: File; path: null; message: string };

/**
 * Saves files into a folder, several at a time. What goes wrong with one alone is told; the rest is thrown, and then
 * none of the files under way is left behind half.
 * @param onSaved called for each file
 */
export const saveFiles = async (
  files: AsyncIterable<File>,
  folder: string,
  {
    client,
    workspaceName,
    includeMeta,
    onSaved,
    signal,
  }: {
    client: NodeClient;
    workspaceName: string;
    includeMeta: boolean;
    onSaved: (saved: Saved) => void;
    signal: AbortSignal;
  },
): Promise<void> => {
  // Places are taken one after the other, so that of two files with one name the first always gets it.
  const places = (async function* () {
    for await (const file of files) yield { file, place: await reservePlace(folder, file.name, includeMeta) };
  })();
  const ended = new AbortController();
  const until = AbortSignal.any([signal, ended.signal]);

  const saveOne = async (file: File, place: Place): Promise<void> => {
    try {
      const content = await client.files.content(workspaceName, file.file_id, { signal: until });
      const body = content.body === null ? Readable.from([]) : Readable.fromWeb(content.body as never);
      await pipeline(body, createWriteStream(place.path), { signal: until });
      if (place.sidecarPath !== null) {
        await writeFile(place.sidecarPath, `${JSON.stringify(file.meta, null, 2)}\n`);
      }
      onSaved({ file, path: place.path, message: null });
    } catch (error) {
      await removePlace(place);
      const message = until.aborted ? null : ownTrouble(error);
      if (message === null) throw error;
      onSaved({ file, path: null, message });
    }
  };

  const worker = async () => {
    try {
      for await (const { file, place } of places) {
        if (until.aborted) {
          await removePlace(place);
          until.throwIfAborted();
        }
        await saveOne(file, place);
      }
    } catch (error) {
      ended.abort(error);
      throw error;
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: AT_A_TIME }, worker));
  if (ended.signal.aborted) throw ended.signal.reason; // the first that failed, and why the others did
  for (const one of workers) if (one.status === 'rejected') throw one.reason;
};

const removePlace = async ({ path, sidecarPath }: Place): Promise<void> => {
  await rm(path, { force: true });
  if (sidecarPath !== null) await rm(sidecarPath, { force: true });
};

/** What is wrong with this file alone, in a sentence; null where it would be so with the next one. */
const ownTrouble = (error: unknown): string | null => {
  if (error instanceof ApiError) return error.code === 'NOT_FOUND' ? 'It is not there any more.' : null;
  // So a body that ends too early is told by `fetch`; what the file system says is no TypeError.
  return error instanceof TypeError ? 'The connection broke off.' : null;
};
