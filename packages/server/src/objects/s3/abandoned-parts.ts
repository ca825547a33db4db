import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type MultipartUpload,
} from '@aws-sdk/client-s3';
import type { Instant } from '../../domain/instant.ts';
import { parseObjectKey } from '../../domain/object-keys.ts';
import type { Connection } from './connection.ts';
import { runEach } from './each.ts';
import { isNoSuchUpload, isUnsupported } from './errors.ts';
import { decodeListedKey } from './list.ts';

type Abandoned = { key: string; uploadId: string };

/**
 * Ends uploads in parts that began before an instant and frees what they hold: a killed process leaves such behind, and
 * not every store takes the rule of a life cycle that would drop them. Those of keys that are not ours stay.
 * @returns how many there were; `dryRun` leaves them
 */
export const abortAbandoned = async (
  connection: Connection,
  before: Instant,
  { dryRun = false }: { dryRun?: boolean } = {},
): Promise<number> => {
  let count = 0;
  let failure: Error | undefined;
  for await (const uploads of abandonedPages(connection, before)) {
    count += uploads.length;
    if (dryRun) continue;
    const results = await runEach(connection, uploads, async (client, { key: Key, uploadId: UploadId }) => {
      try {
        await client.send(new AbortMultipartUploadCommand({ Bucket: connection.bucket, Key, UploadId }));
      } catch (error) {
        if (!isNoSuchUpload(error)) throw error;
      }
    });
    failure ??= results.find((result) => result instanceof Error);
  }
  if (failure) throw failure;
  return count;
};

/**
 * Goes on after the last key alone: some stores do not know the ids again that they gave as a marker. What else there
 * is of a key at the end of a page is found the next time.
 */
async function* abandonedPages(connection: Connection, before: Instant): AsyncGenerator<Abandoned[]> {
  let marker: string | undefined;
  for (;;) {
    const { uploads, isLast } = await listPage(connection, marker);
    yield uploads.flatMap(({ Key: key = '', UploadId: uploadId, Initiated }) => {
      if (uploadId === undefined || Initiated === undefined || Initiated.getTime() * 1000 >= before)
        return [];
      return parseObjectKey(key) === undefined ? [] : [{ key, uploadId }];
    });
    const last = uploads.findLast(({ Key }) => Key !== undefined)?.Key;
    // A store that took no notice of the marker would give the same page for ever.
    if (isLast || last === undefined || last === marker) return;
    marker = last;
  }
}

const listPage = async (
  connection: Connection,
  KeyMarker: string | undefined,
): Promise<{ uploads: MultipartUpload[]; isLast: boolean }> => {
  try {
    const answer = await connection.run((client) =>
      client.send(
        new ListMultipartUploadsCommand({
          Bucket: connection.bucket,
          EncodingType: 'url',
          ...(KeyMarker !== undefined && { KeyMarker }),
        }),
        connection.quick,
      ),
    );
    const { Uploads = [], EncodingType, IsTruncated } = answer;
    const keyOf = (key = '') => (EncodingType === 'url' ? decodeListedKey(key) : key);
    return {
      uploads: Uploads.map((upload) => ({ ...upload, Key: keyOf(upload.Key) })),
      isLast: IsTruncated !== true,
    };
  } catch (error) {
    if (isUnsupported(error)) return { uploads: [], isLast: true };
    throw error;
  }
};
