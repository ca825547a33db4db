import { createHash } from 'node:crypto';
import { workspacePrefix } from '../../domain/object-keys.ts';
import { everyObject } from '../every-object.ts';
import type { ObjectReading, ObjectWriting, StoredObject } from '../ports/objects.ts';
import { inParallel } from './in-parallel.ts';
import type { FileObject, TransferSource } from './source.ts';
import { TransferError } from './transfer-error.ts';
import { everyWorkspace } from './walks.ts';

/** What became of one object. */
export type ObjectOutcome =
  | { kind: 'sent' | 'kept'; size: number }
  /** The source has not the bytes that the file's row speaks of. */
  | { kind: 'damaged'; object: FileObject; problem: string };

/**
 * Sends the objects of all files that the target does not hold yet with the right size and checksum. Nothing is written
 * under the key of an object that is damaged in the source.
 * @param onBytes told of bytes as they are read from the source
 */
export const copyObjects = async (
  source: TransferSource,
  target: ObjectReading & ObjectWriting,
  concurrency: number,
  { onObject, onBytes }: { onObject: (outcome: ObjectOutcome) => void; onBytes: (count: number) => void },
): Promise<void> => {
  for await (const { organization, workspace } of everyWorkspace(source.read)) {
    const prefix = workspacePrefix(organization.id, workspace.id);
    const pairs = pairObjects(source.fileObjects(workspace.id), everyObject(target, prefix));
    await inParallel(pairs, concurrency, async ({ wanted, found }) => {
      if (found && found.size === wanted.size && (await isSame(target, wanted, found.etag))) {
        onObject({ kind: 'kept', size: wanted.size });
        return;
      }
      try {
        await send(source, target, wanted, onBytes);
        onObject({ kind: 'sent', size: wanted.size });
      } catch (error) {
        if (!(error instanceof Damage)) throw error;
        onObject({ kind: 'damaged', object: wanted, problem: error.message });
      }
    });
  }
};

/**
 * Asks the target for a list of what it holds.
 * @returns problems with objects of files, in words, the first `limit` of them
 */
export const checkObjects = async (
  source: TransferSource,
  target: ObjectReading,
  limit: number,
): Promise<string[]> => {
  const problems: string[] = [];
  for await (const { organization, workspace } of everyWorkspace(source.read)) {
    const prefix = workspacePrefix(organization.id, workspace.id);
    const pairs = pairObjects(source.fileObjects(workspace.id), everyObject(target, prefix));
    for await (const { wanted, found } of pairs) {
      // An etag that is no MD5 says nothing here: the bytes were compared when the object was sent.
      const same = found?.size === wanted.size && (!MD5.test(found.etag) || found.etag === wanted.etag);
      if (!same) problems.push(`${describe(wanted)}: ${found ? 'other bytes' : 'no object'} in the target`);
      if (problems.length >= limit) return problems;
    }
  }
  return problems;
};

export const describe = ({ name, fileId, key }: FileObject): string =>
  `${JSON.stringify(name)} (file ${fileId}, object ${key})`;

const MD5 = /^[0-9a-f]{32}$/;

/** The bytes of a file cannot be had from the source. */
class Damage extends Error {}

/** Both ascend, so one walk over each is enough. */
async function* pairObjects(
  wanted: Iterable<FileObject>,
  there: AsyncGenerator<StoredObject>,
): AsyncGenerator<{ wanted: FileObject; found: StoredObject | undefined }> {
  let at = await there.next();
  for (const object of wanted) {
    while (!at.done && at.value.key < object.key) at = await there.next();
    yield { wanted: object, found: !at.done && at.value.key === object.key ? at.value : undefined };
  }
}

const send = async (
  source: TransferSource,
  target: ObjectReading & ObjectWriting,
  wanted: FileObject,
  onBytes: (count: number) => void,
): Promise<void> => {
  const { etag } = await target.put(wanted.key, checkedBytes(source, wanted, onBytes));
  if (await isSame(target, wanted, etag)) return;
  await target.delete([wanted.key]);
  throw new TransferError(`The target gives other bytes than it was sent for ${describe(wanted)}.`);
};

/** Whether the target holds the bytes of a file; an etag that is not their MD5 may be made otherwise, so they are read. */
const isSame = async (target: ObjectReading, { key, etag }: FileObject, found: string): Promise<boolean> => {
  if (found === etag) return true;
  const body = await target.read(key);
  if (body === undefined) return false;
  const md5 = createHash('md5');
  for await (const chunk of body) md5.update(chunk as Buffer);
  return md5.digest('hex') === etag;
};

/**
 * The bytes of an object, which end well only if they are those of the file.
 * @throws Damage before the last of them is taken for the end
 */
async function* checkedBytes(
  source: TransferSource,
  object: FileObject,
  onBytes: (count: number) => void,
): AsyncGenerator<Uint8Array> {
  const md5 = createHash('md5');
  let size = 0;
  for await (const chunk of sourceBytes(source, object.key)) {
    md5.update(chunk);
    size += chunk.length;
    onBytes(chunk.length);
    yield chunk;
  }
  if (size !== object.size) throw new Damage(`${size} bytes instead of ${object.size}`);
  const found = md5.digest('hex');
  if (found !== object.etag) throw new Damage(`MD5 ${found} instead of ${object.etag}`);
}

async function* sourceBytes(source: TransferSource, key: string): AsyncGenerator<Uint8Array> {
  let body: AsyncIterable<Uint8Array> | undefined;
  try {
    body = await source.readObject(key);
    if (body !== undefined) for await (const chunk of body) yield chunk;
  } catch (error) {
    throw new Damage(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (body === undefined) throw new Damage('no object in the data folder');
}
