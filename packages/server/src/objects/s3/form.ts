import type { S3Client } from '@aws-sdk/client-s3';
import type { UploadForm } from '@sluice/contract';
import type { Instant } from '../../domain/instant.ts';
import type { Clock } from '../../service/ports/clock.ts';
import { signForm } from '../../uploads/post-policy/sign-form.ts';
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

/** Forms that lead straight to the bucket, signed with the key the store itself knows. */
export const createBucketForms =
  ({
    client,
    settings,
    publicEndpoint,
    maxBytes,
    clock,
  }: {
    client: S3Client;
    settings: S3Settings;
    publicEndpoint: string | null;
    maxBytes: number;
    clock: Clock;
  }) =>
  async ({ prefix, expiresAt }: { prefix: string; expiresAt: Instant }): Promise<UploadForm> => {
    // Temporary keys are renewed by the SDK, so they are asked for every time.
    const credentials = await telling(() => client.config.credentials());
    return signForm({
      bucket: settings.bucket,
      prefix,
      expiresAt,
      now: clock(),
      maxBytes,
      url: bucketUrl(client, settings, publicEndpoint),
      region: settings.region,
      credentials,
      // A store asks for every field that a condition is about, even where it may be empty.
      optionalFields: [],
    });
  };
