import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import type { StoreAccess } from '../../../testing/services/store.ts';

export type TestBucket = {
  bucket: string;
  /** Reaches the store itself, past every proxy. */
  client: S3Client;
  /** Ids of uploads in parts that were neither completed nor aborted. */
  unfinished: () => Promise<string[]>;
};

export const directClient = ({ endpoint, region, accessKeyId, secretAccessKey }: StoreAccess): S3Client =>
  new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });

/** A bucket of the test's own, gone with it. */
export const testBucket = async (t: TestContext, service: StoreAccess): Promise<TestBucket> => {
  const client = directClient(service);
  const bucket = `sluice.test-${randomBytes(8).toString('hex')}`;
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  const uploads = async () =>
    (await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads ?? [];
  t.after(async () => {
    await removeBucket(client, bucket);
    client.destroy();
  });
  return {
    bucket,
    client,
    unfinished: async () => (await uploads()).map(({ UploadId }) => UploadId ?? ''),
  };
};

export const removeBucket = async (client: S3Client, Bucket: string): Promise<void> => {
  for (;;) {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
    if (Contents.length === 0) break;
    for (let at = 0; at < Contents.length; at += 50) {
      await Promise.all(
        Contents.slice(at, at + 50).map(({ Key }) => client.send(new DeleteObjectCommand({ Bucket, Key }))),
      );
    }
  }
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
  for (const { Key, UploadId } of Uploads) {
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  }
  await client.send(new DeleteBucketCommand({ Bucket }));
};
