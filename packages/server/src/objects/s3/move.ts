import {
  CopyObjectCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { keyPath } from '../../domain/object-keys.ts';
import type { MoveOutcome, ObjectMove } from '../../service/ports/objects.ts';
import { bareEtag, type Connection } from './connection.ts';
import { deleteObjects } from './delete.ts';
import { runEach } from './each.ts';
import { isMissing, isPreconditionFailed, isRefusedKey } from './errors.ts';

/** The etag of the object a copy was made of, kept with the copy: it may have another one itself. */
const SOURCE_ETAG = 'sluice-source-etag';

/**
 * Gives objects other keys: a copy guarded by the etag, then, once it is acknowledged, a deletion. Stopped between the
 * two and called again, it does both again or finds them done.
 */
export const moveObjects = async (
  connection: Connection,
  moves: readonly ObjectMove[],
): Promise<MoveOutcome[]> => {
  const outcomes: MoveOutcome[] = [];
  for (const wave of inWaves(moves)) {
    const copies = await runEach(connection, wave, (client, move) => copy(connection, client, move));
    const copied = wave.filter((_, at) => copies[at] === 'moved');
    await deleteObjects(
      connection,
      copied.map(({ from }) => from),
    );
    outcomes.push(...copies);
  }
  return outcomes;
};

/** Moves that have no key in common may go at the same time. */
export const inWaves = (moves: readonly ObjectMove[]): ObjectMove[][] => {
  const waves: ObjectMove[][] = [];
  let wave: ObjectMove[] = [];
  const keys = new Set<string>();
  for (const move of moves) {
    if (keys.has(move.from) || keys.has(move.to)) {
      waves.push(wave);
      wave = [];
      keys.clear();
    }
    keys.add(move.from).add(move.to);
    wave.push(move);
  }
  if (wave.length > 0) waves.push(wave);
  return waves;
};

const copy = async (
  { bucket: Bucket, quick }: Connection,
  client: S3Client,
  move: ObjectMove,
): Promise<MoveOutcome> => {
  const head = async (Key: string): Promise<HeadObjectCommandOutput | undefined> => {
    try {
      return await client.send(new HeadObjectCommand({ Bucket, Key }), quick);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
  try {
    const { CopyObjectResult } = await client.send(
      new CopyObjectCommand({
        Bucket,
        Key: move.to,
        CopySource: `${Bucket}/${keyPath(move.from)}`,
        CopySourceIfMatch: `"${move.etag}"`,
        MetadataDirective: 'REPLACE',
        Metadata: { [SOURCE_ETAG]: move.etag },
      }),
    );
    if (bareEtag(CopyObjectResult?.ETag) === move.etag) return 'moved';
  } catch (error) {
    if (isMissing(error) || isRefusedKey(error)) return (await head(move.to)) ? 'moved' : 'missing';
    if (isPreconditionFailed(error)) {
      // Copied before a crash, and the source replaced since: what is wanted is there.
      return (await head(move.to))?.Metadata?.[SOURCE_ETAG] === move.etag ? 'moved' : 'changed';
    }
    throw error;
  }
  // A copy of an upload in parts, or of an encrypted object, has another etag by right. A store that ignores the
  // condition would show the same, but then the source has another etag, too.
  const source = await head(move.from);
  if (source === undefined || bareEtag(source.ETag) === move.etag) return 'moved';
  await client.send(new DeleteObjectCommand({ Bucket, Key: move.to }));
  return 'changed';
};
