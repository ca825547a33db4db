import { DeleteObjectCommand, DeleteObjectsCommand } from '@aws-sdk/client-s3';
import type { Connection } from './connection.ts';

/** S3 takes no more in one request. */
const KEYS_AT_ONCE = 1000;

/** Keys that some stores could not delete are asked for so many times. */
const ROUNDS = 3;

/** XML cannot write these characters: such keys are deleted one by one. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is what this is for
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** Deletes objects; missing ones are fine. */
export const deleteObjects = async (connection: Connection, keys: readonly string[]): Promise<void> => {
  const writable = keys.filter((key) => !UNWRITABLE.test(key));
  const batches = Array.from({ length: Math.ceil(writable.length / KEYS_AT_ONCE) }, (_, at) =>
    writable.slice(at * KEYS_AT_ONCE, (at + 1) * KEYS_AT_ONCE),
  );
  await Promise.all([
    ...batches.map((batch) => deleteBatch(connection, batch)),
    ...keys.filter((key) => UNWRITABLE.test(key)).map((key) => deleteOne(connection, key)),
  ]);
};

const deleteBatch = async (connection: Connection, keys: readonly string[]): Promise<void> => {
  let left = keys;
  for (let round = 1; left.length > 0; round++) {
    const { Errors = [] } = await connection.run((client) =>
      client.send(
        new DeleteObjectsCommand({
          Bucket: connection.bucket,
          Delete: { Quiet: true, Objects: left.map((Key) => ({ Key })) },
        }),
      ),
    );
    const failed = Errors.filter(({ Code }) => Code !== 'NoSuchKey');
    if (failed.length > 0 && round === ROUNDS) {
      const codes = new Set(failed.map(({ Code }) => Code));
      throw new Error(`${failed.length} objects could not be deleted: ${[...codes].join(', ')}`);
    }
    if (failed.some(({ Code }) => Code === 'SlowDown')) connection.gate.slowDown();
    left = failed.flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
  }
};

const deleteOne = (connection: Connection, key: string): Promise<void> =>
  connection.run(async (client) => {
    await client.send(new DeleteObjectCommand({ Bucket: connection.bucket, Key: key }));
  });
