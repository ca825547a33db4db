import type { S3Client } from '@aws-sdk/client-s3';
import type { Connection } from './connection.ts';
import { asStoreError } from './errors.ts';

/** Failures in a row after which the store is taken to be away. Trying the rest as well could take hours. */
const AWAY_AFTER = 64;

/**
 * Does the same with each item, all of them at once. Where the store fails at one, its error is in the place of the
 * result.
 */
export const runEach = <Item, Result>(
  connection: Connection,
  items: readonly Item[],
  work: (client: S3Client, item: Item) => Promise<Result>,
): Promise<(Result | Error)[]> => {
  let failedInARow = 0;
  let last: Error | undefined;
  return Promise.all(
    items.map(async (item): Promise<Result | Error> => {
      try {
        const result = await connection.run(async (client) => {
          if (last !== undefined && failedInARow >= AWAY_AFTER) throw last;
          return work(client, item);
        });
        failedInARow = 0;
        return result;
      } catch (error) {
        failedInARow++;
        last = asStoreError(error);
        return last;
      }
    }),
  );
};
