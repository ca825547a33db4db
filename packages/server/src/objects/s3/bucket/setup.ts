import {
  type CORSRule,
  CreateBucketCommand,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  type LifecycleRule,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { createS3Client } from '../client.ts';
import { isBadRequest, isMissing, isUnsupported } from '../errors.ts';
import type { S3Settings } from '../settings.ts';
import { askBucket } from './ask-bucket.ts';

export type SetupStep = {
  step: 'bucket' | 'cors' | 'lifecycle';
  /** `present`: it was so before. `unsupported`: the store knows no such thing. `failed`: it should, and did not. */
  outcome: 'done' | 'present' | 'unsupported' | 'failed';
  /** For the operator. */
  message: string;
};

/** Words for an error of the store. */
type Explain = (error: unknown) => string;

/** What our rules are called, among those that others have made. */
const RULE_ID = 'sluice';

/**
 * Makes a bucket ready: creates it if it is missing, lets pages of `origins` post forms to it, and has it drop uploads
 * in parts that were never finished. Rules that are not ours stay. May be run again.
 * @param origins `*` alone for all
 * @returns what came of each step, in order; after a failed first one there is no other
 */
export const setUpBucket = async (
  settings: S3Settings,
  { origins, explain }: { origins: readonly string[]; explain: Explain },
): Promise<SetupStep[]> => {
  const client = createS3Client(settings, {
    connections: 1,
    attempts: 3,
    idleTimeout: 30_000,
  });
  try {
    const bucket = await ensureBucket(client, settings, explain);
    if (bucket.outcome === 'failed') return [bucket];
    return [
      bucket,
      await allowOrigins(client, settings.bucket, origins, explain),
      await dropUnfinished(client, settings.bucket, explain),
    ];
  } finally {
    client.destroy();
  }
};

/** Creates a bucket if it is missing. */
export const ensureBucket = async (
  client: S3Client,
  { bucket: Bucket, region, endpoint }: Pick<S3Settings, 'bucket' | 'region' | 'endpoint'>,
  explain: Explain,
): Promise<SetupStep> => {
  const step = 'bucket';
  try {
    await askBucket(client, Bucket);
    return { step, outcome: 'present', message: `The bucket ${Bucket} is there.` };
  } catch (error) {
    if (!isMissing(error) && (error as Error).name !== 'NoSuchBucket')
      return failed(step, `The bucket ${Bucket} cannot be looked at`, explain(error));
  }
  try {
    // AWS alone asks for the region, and only outside of its first one.
    const elsewhere = endpoint === null && region !== 'us-east-1';
    await client.send(
      new CreateBucketCommand({
        Bucket,
        ...(elsewhere && { CreateBucketConfiguration: { LocationConstraint: region as never } }),
      }),
    );
    return { step, outcome: 'done', message: `The bucket ${Bucket} was created.` };
  } catch (error) {
    const { name } = error as Error;
    if (name === 'BucketAlreadyOwnedByYou') {
      return { step, outcome: 'present', message: `The bucket ${Bucket} is there.` };
    }
    return failed(step, `The bucket ${Bucket} cannot be created`, explain(error));
  }
};

const allowOrigins = (
  client: S3Client,
  Bucket: string,
  origins: readonly string[],
  explain: Explain,
): Promise<SetupStep> => {
  const rule: CORSRule = {
    ID: RULE_ID,
    AllowedMethods: ['POST'],
    AllowedOrigins: [...origins],
    AllowedHeaders: ['*'],
    ExposeHeaders: ['ETag', 'Location'],
    MaxAgeSeconds: 3600,
  };
  return attempt('cors', `Pages of ${origins.join(', ')} may post forms.`, explain, async () => {
    const others = await existing(
      async () => (await client.send(new GetBucketCorsCommand({ Bucket }))).CORSRules,
    );
    const CORSRules = [...others.filter(({ ID }) => ID !== RULE_ID), rule];
    await client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
  });
};

const dropUnfinished = (client: S3Client, Bucket: string, explain: Explain): Promise<SetupStep> => {
  const rule: LifecycleRule = {
    ID: RULE_ID,
    Status: 'Enabled',
    Filter: { Prefix: '' },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
  };
  return attempt(
    'lifecycle',
    'Uploads in parts that are not finished are dropped after a day.',
    explain,
    async () => {
      const others = await existing(
        async () => (await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules,
      );
      const Rules = [...others.filter(({ ID }) => ID !== RULE_ID), rule];
      await client.send(
        new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }),
      );
    },
  );
};

/** Rules that are there already; S3 answers 404 where there are none. */
const existing = async <T>(get: () => Promise<T[] | undefined>): Promise<T[]> => {
  try {
    return (await get()) ?? [];
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
};

type RuleStep = Exclude<SetupStep['step'], 'bucket'>;

const RULES: Record<RuleStep, string> = {
  cors: 'The CORS rule that lets web pages post forms cannot be set',
  lifecycle: 'The life-cycle rule that drops unfinished uploads cannot be set',
};

/** What the store cannot do, and what that means. */
const UNSUPPORTED: Record<RuleStep, string> = {
  cors: 'The store has no CORS rules of a bucket: whether web pages may post forms to it is a setting of the store.',
  lifecycle:
    'The store has no life-cycle rule that drops uploads in parts: the hourly sweep of the workers does it.',
};

const attempt = async (
  step: RuleStep,
  message: string,
  explain: Explain,
  work: () => Promise<void>,
): Promise<SetupStep> => {
  try {
    await work();
    return { step, outcome: 'done', message };
  } catch (error) {
    // Stores that know some rules only, and not this one, call it malformed.
    const unsupported = isUnsupported(error) || (step === 'lifecycle' && isBadRequest(error));
    if (!unsupported) return failed(step, RULES[step], explain(error));
    return { step, outcome: 'unsupported', message: UNSUPPORTED[step] };
  }
};

const failed = (step: SetupStep['step'], what: string, why: string): SetupStep => ({
  step,
  outcome: 'failed',
  message: `${what}. ${why}`,
});
