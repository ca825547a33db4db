import { S3Client } from '@aws-sdk/client-s3';
import { isOverload } from './errors.ts';
import type { S3Settings } from './settings.ts';

export type ClientOptions = {
  /** Connections kept open while idle. */
  connections: number;
  /** Tries of one request, with the SDK's exponential backoff and jitter between them. */
  attempts: number;
  /** Milliseconds without a byte after which a request has failed. */
  idleTimeout: number;
  /** Called before every attempt of a request, a retry too, with the name of its command; throws to prevent it. */
  beforeAttempt?: (command: string) => void;
  /** Called for every attempt that was answered by a sign of overload, retried or not. */
  onOverload?: () => void;
};

export const createS3Client = (
  { endpoint, region, accessKeyId, secretAccessKey, forcePathStyle }: S3Settings,
  { connections, attempts, idleTimeout, beforeAttempt, onOverload }: ClientOptions,
): S3Client => {
  if ((accessKeyId === null) !== (secretAccessKey === null)) {
    throw new TypeError('An access key needs its secret, and a secret its access key');
  }
  // The number of requests is bounded by a gate. Bounded again here, slow downloads could keep all others waiting.
  const agent = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: connections };
  const client = new S3Client({
    region,
    forcePathStyle,
    ...(endpoint !== null && { endpoint }),
    ...(accessKeyId !== null &&
      secretAccessKey !== null && { credentials: { accessKeyId, secretAccessKey } }),
    // What the SDK does otherwise, trailing checksums in chunked bodies, is not understood by every other store.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // With it every part would go over a connection of its own.
    expectContinueHeader: false,
    retryMode: 'standard',
    maxAttempts: attempts,
    requestHandler: {
      connectionTimeout: 5_000,
      socketTimeout: idleTimeout,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
  });
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (input) => {
        beforeAttempt?.(commandName ?? '');
        try {
          return await next(input);
        } catch (error) {
          if (isOverload(error)) onOverload?.();
          throw error;
        }
      },
    // Below the retries, which would hide every overload that passes.
    { name: 'watchAttempts', step: 'finalizeRequest', priority: 'low' },
  );
  return client;
};
