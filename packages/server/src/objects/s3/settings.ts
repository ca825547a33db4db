/** Where the bucket is and who may use it. */
export type S3Settings = {
  /** Null: AWS's own for the region. */
  endpoint: string | null;
  region: string;
  /** Null, both of them: what the SDK finds (environment, shared files, role of the machine). */
  accessKeyId: string | null;
  secretAccessKey: string | null;
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`; most stores other than AWS want it. */
  forcePathStyle: boolean;
  bucket: string;
};

/** S3 takes no more in one POST, one PUT or one copy. */
export const MAX_S3_OBJECT_BYTES = 5 * 1024 ** 3;
