import type { S3Client } from '@aws-sdk/client-s3';
import { telling } from './errors.ts';
import type { S3Settings } from './settings.ts';

/** Where forms are posted to: the address of the bucket as clients see it, which the SDK knows for every setting. */
export const bucketUrl = (
  client: S3Client,
  { endpoint, region, forcePathStyle, bucket }: S3Settings,
  publicEndpoint: string | null,
): string => {
  const address = publicEndpoint ?? endpoint;
  const { url } = client.config.endpointProvider({
    Bucket: bucket,
    Region: region,
    ForcePathStyle: forcePathStyle,
    ...(address !== null && { Endpoint: address }),
  });
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
};

/**
 * What forms that lead to the bucket are signed for, and with the key the store itself knows.
 * @param publicEndpoint where clients reach the store, if elsewhere
 */
export const formTarget = (client: S3Client, settings: S3Settings, publicEndpoint: string | null) => ({
  bucket: settings.bucket,
  region: settings.region,
  url: bucketUrl(client, settings, publicEndpoint),
  // Temporary keys are renewed by the SDK, so they are asked for every time.
  credentials: () => telling(() => client.config.credentials()),
});
