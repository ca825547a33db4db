import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { encodeFileName, type UploadForm } from '@sluice/contract';

/** One file of a session, and what must become of it in an empty workspace. */
export type Upload = {
  name: string;
  content: string;
  /** Of the sidecar; null: there is none. */
  sidecar: string | null;
  reason: 'EMPTY_FILE' | 'FAILED_TO_PARSE_META' | 'UNKNOWN_ERROR' | null;
};

export const ORPHAN_SIDECARS = ['lost.txt.meta.json', 'lost-too.txt.meta.json'];

/** Files of every kind: with and without sidecars, broken ones, empty ones, names that have to be encoded. */
export const makeUploads = (count: number, label = 'file'): Upload[] =>
  Array.from({ length: count }, (_, n) => {
    const isBroken = n % 400 === 5;
    const isEmpty = n % 400 === 7;
    return {
      name: n % 50 === 1 ? `${label} ${n} – größer+100%.txt` : `${label}-${n}.txt`,
      content: isEmpty ? '' : `content ${n} of ${label}`,
      sidecar: isBroken ? '{"n":' : n % 10 === 0 ? JSON.stringify({ n, label }) : null,
      reason: isEmpty ? 'EMPTY_FILE' : isBroken ? 'FAILED_TO_PARSE_META' : null,
    };
  });

/** Requests to the store at a time. */
const AT_ONCE = 24;

/** Puts what a session's form would have brought straight into the bucket. */
export const putUploads = async (
  settings: Record<string, string>,
  form: UploadForm,
  uploads: readonly Upload[],
): Promise<void> => {
  const s3 = new S3Client({
    endpoint: settings.SLUICE_S3_ENDPOINT as string,
    region: settings.SLUICE_S3_REGION as string,
    forcePathStyle: true,
    credentials: {
      accessKeyId: settings.SLUICE_S3_ACCESS_KEY_ID as string,
      secretAccessKey: settings.SLUICE_S3_SECRET_ACCESS_KEY as string,
    },
  });
  const put = (name: string, body: string) =>
    s3.send(
      new PutObjectCommand({
        Bucket: settings.SLUICE_BUCKET,
        Key: form.fields.key?.replace('${filename}', () => encodeFileName(name)),
        Body: Buffer.from(body),
      }),
    );
  const objects = uploads.flatMap(({ name, content, sidecar }): [string, string][] => [
    [name, content],
    ...(sidecar === null ? [] : [[`${name}.meta.json`, sidecar] as [string, string]]),
  ]);
  for (const name of ORPHAN_SIDECARS) objects.push([name, '{}']);
  await inParallel(objects, AT_ONCE, ([name, body]) => put(name, body));
  s3.destroy();
};

/** Does work for every item, some at a time. */
export const inParallel = async <T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> => {
  const left = items.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const item of left) await work(item);
    }),
  );
};
