import type { WriteMode } from '@sluice/contract';
import { DomainError, notFound } from '../../domain/errors.ts';
import type { FileRecord, Metadata } from '../../domain/file.ts';
import { nameProblem } from '../../domain/file-name.ts';
import { AT_ONCE } from '../../domain/instant.ts';
import { fileKey } from '../../domain/object-keys.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { RESERVATION } from '../cleanup/garbage.ts';
import type { ServiceContext } from '../context.ts';
import type { StoredObject } from '../ports/objects.ts';

/** Bytes that were stored, but belong to no file yet. */
export type Content = StoredObject & { characters: number };

export type SingleUploads = ReturnType<typeof createSingleUploads>;

/** One file in one request, no session. */
export const createSingleUploads = ({
  store,
  objects,
  jobs,
  clock,
  newId,
  putFiles,
  maxDirectFileBytes,
}: Pick<
  ServiceContext,
  'store' | 'objects' | 'jobs' | 'clock' | 'newId' | 'putFiles' | 'maxDirectFileBytes'
>) => ({
  /**
   * Stores a body as it comes in. What is received and then neither added nor discarded, even by a crash, is collected
   * as garbage when its reservation ends.
   * @throws FILE_TOO_LARGE, and whatever `body` throws; nothing is stored then
   */
  receive: async (
    workspace: Workspace,
    body: AsyncIterable<Uint8Array>,
    kind: 'bytes' | 'text',
  ): Promise<Content> => {
    const key = fileKey(workspace.organizationId, workspace.id, newId());
    await store.write((tx) => tx.garbage.add([key], clock() + RESERVATION), 'short');
    const counted = { characters: 0 };
    const limited = measure(body, maxDirectFileBytes, kind === 'text' ? counted : undefined);
    return { ...(await objects.put(key, limited)), ...counted };
  },

  /**
   * Makes stored content a file of the workspace.
   * @throws BAD_REQUEST for an unfit name or an empty file, FILE_ALREADY_EXISTS in mode FAIL; the content is discarded
   */
  add: async (
    workspace: Workspace,
    upload: { name: string; writeMode: WriteMode; metadata: Metadata; content: Content },
  ): Promise<FileRecord> => {
    const name = upload.name.normalize('NFC');
    const problem = nameProblem(name) ?? (upload.content.size === 0 ? 'The file has no content.' : null);
    if (problem !== null) throw new DomainError('BAD_REQUEST', problem);
    const file = await store.write(async (tx) => {
      if (!(await tx.files.lockWorkspace(workspace.id))) throw notFound('Workspace');
      const { content, metadata, writeMode: mode } = upload;
      const { size, characters, etag, key: objectKey } = content;
      const arriving = [{ name, size, characters, metadata, objectKey, etag }];
      const put = await putFiles(tx, { workspace, mode, arriving });
      const [added] = put.files;
      if (added === undefined) {
        throw new DomainError('FILE_ALREADY_EXISTS', `The workspace has a file named "${name}" already.`);
      }
      await tx.garbage.add(put.garbage, AT_ONCE);
      await tx.garbage.remove([objectKey]);
      return added;
    }, 'short');
    jobs.enqueue({ kind: 'collect_garbage' });
    return file;
  },

  /**
   * Content that will not become a file. Where that is in doubt, since the answer to a commit was lost, and it has
   * become one, it stays.
   */
  discard: async (content: StoredObject): Promise<void> => {
    await store.write((tx) => tx.garbage.hasten([content.key], AT_ONCE), 'short');
    jobs.enqueue({ kind: 'collect_garbage' });
  },
});

async function* measure(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  counted?: { characters: number },
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new DomainError(
        'FILE_TOO_LARGE',
        `A file uploaded here may have ${maxBytes} bytes; use an upload session.`,
      );
    }
    if (counted) {
      // Every UTF-8 byte but a continuation byte starts a character (RFC 3629).
      for (const byte of chunk) if ((byte & 0xc0) !== 0x80) counted.characters += 1;
    }
    yield chunk;
  }
}
