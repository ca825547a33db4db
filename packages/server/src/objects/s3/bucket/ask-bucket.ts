import { HeadBucketCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { facts } from '../errors.ts';

/**
 * Resolves if the bucket can be used. The answer to a HEAD has no body, and so no code that would say why not: where it is
 * refused, a listing is asked for, which is refused in words.
 */
export const askBucket = async (
  client: S3Client,
  bucket: string,
  abortSignal?: AbortSignal,
): Promise<void> => {
  const options = abortSignal ? { abortSignal } : {};
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }), options);
  } catch (error) {
    if (facts(error).status === undefined) throw error;
    await client.send(new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 }), options);
    throw error;
  }
};
