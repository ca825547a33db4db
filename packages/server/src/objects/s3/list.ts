import { HeadObjectCommand, type _Object as ListedObject, ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { StoredObject } from '../../service/ports/objects.ts';
import { isSidecarKey } from '../sidecar-key.ts';
import { bareEtag, type Connection } from './connection.ts';
import { isMissing } from './errors.ts';

/** S3 gives no more in one answer. */
const MAX_KEYS = 1000;

/** Objects below a prefix in ascending order of key, those after `after`. Fewer than `limit`: the end. */
export const listObjects = async (
  connection: Connection,
  prefix: string,
  { after, limit }: { after?: string; limit: number },
): Promise<StoredObject[]> => {
  const found: StoredObject[] = [];
  let token: string | undefined;
  while (found.length < limit) {
    const page = await listPage(connection, prefix, {
      ...(token === undefined ? after !== undefined && { StartAfter: after } : { ContinuationToken: token }),
      MaxKeys: Math.min(MAX_KEYS, limit - found.length),
    });
    found.push(...page.objects);
    token = page.next;
    if (token === undefined) break;
  }
  return found;
};

export const countObjects = async (
  connection: Connection,
  prefix: string,
): Promise<{ files: number; sidecars: number }> => {
  const counts = { files: 0, sidecars: 0 };
  let token: string | undefined;
  do {
    const page = await listPage(connection, prefix, token === undefined ? {} : { ContinuationToken: token });
    for (const { key } of page.objects) counts[isSidecarKey(key) ? 'sidecars' : 'files']++;
    token = page.next;
  } while (token !== undefined);
  return counts;
};

type PageInput = { StartAfter?: string; ContinuationToken?: string; MaxKeys?: number };

const listPage = async (
  connection: Connection,
  prefix: string,
  input: PageInput,
): Promise<{ objects: StoredObject[]; next: string | undefined }> => {
  const answer = await connection.run((client) =>
    client.send(
      new ListObjectsV2Command({
        Bucket: connection.bucket,
        // XML cannot write every character of a key.
        EncodingType: 'url',
        ...(prefix !== '' && { Prefix: prefix }),
        ...input,
      }),
      connection.quick,
    ),
  );
  const objects: StoredObject[] = [];
  for (const entry of answer.Contents ?? []) {
    const key =
      answer.EncodingType === 'url'
        ? decodeListedKey(entry.Key ?? '')
        : await genuineKey(connection, entry.Key ?? '');
    if (key !== undefined) objects.push({ key, ...describe(entry) });
  }
  return { objects, next: answer.IsTruncated === true ? answer.NextContinuationToken : undefined };
};

const describe = ({ Size, ETag, LastModified }: ListedObject): Omit<StoredObject, 'key'> => ({
  size: Size ?? 0,
  etag: bareEtag(ETag),
  storedAt: (LastModified?.getTime() ?? 0) * 1000,
});

/**
 * A key as `encoding-type=url` writes it: a blank is a plus. Undefined for bytes that are no UTF-8: no request could
 * name such an object.
 */
export const decodeListedKey = (encoded: string): string | undefined => {
  try {
    return decodeURIComponent(encoded.replaceAll('+', '%20'));
  } catch {
    return undefined;
  }
};

/**
 * Some stores write keys as they are, and U+FFFD for what XML cannot hold. Such a name would be another object's or
 * nobody's, and a page that begins after it would leave out what comes before it.
 */
const genuineKey = async (connection: Connection, key: string): Promise<string | undefined> => {
  if (!key.includes('\ufffd')) return key;
  try {
    await connection.run((client) =>
      client.send(new HeadObjectCommand({ Bucket: connection.bucket, Key: key }), connection.quick),
    );
    return key;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};
