import { CopyObjectCommand } from '@aws-sdk/client-s3';
import type { UploadForm } from '@sluice/contract';
import { codeOf, connectionCause } from '../../../domain/failures/connection-cause.ts';
import type { Cause } from '../../../domain/failures/outage.ts';
import { keyPath } from '../../../domain/object-keys.ts';
import type { Connection } from '../connection.ts';
import { isPreconditionFailed } from '../errors.ts';

/** What a check found wrong, in words for the operator. */
export class Finding extends Error {}

export const find = (holds: boolean, otherwise: string): void => {
  if (!holds) throw new Finding(otherwise);
};

export async function* inPieces(body: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < body.length; at += 64 * 1024) yield body.subarray(at, at + 64 * 1024);
}

/** Posts a file with a form, some of its fields changed; resolves to the status of the answer. */
export const postProbe = async (
  { url, fields }: UploadForm,
  name: string,
  content: string,
  changed: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<number> => {
  const body = new FormData();
  for (const [field, value] of Object.entries({ ...fields, ...changed })) body.append(field, value);
  body.append('file', new Blob([content]), name);
  const signals = [AbortSignal.timeout(30_000), ...(signal ? [signal] : [])];
  const answer = await fetch(url, { method: 'POST', body, signal: AbortSignal.any(signals) });
  await answer.arrayBuffer();
  return answer.status;
};

/** Why a form could not be posted, from the error of `fetch`. */
export const postingCause = (error: unknown): Pick<Cause, 'why' | 'code'> => {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = codeOf(cause);
  if (cause instanceof Error && cause.name === 'TimeoutError')
    return { why: 'it does not answer', code: cause.name };
  const known = code === undefined ? undefined : connectionCause(code);
  return known ?? { why: cause instanceof Error ? cause.message : String(cause), code: code ?? 'no code' };
};

/** Whether a copy is refused that asks for another etag than the object has. */
export const refusesStaleCopy = (connection: Connection, key: string, etag: string): Promise<boolean> =>
  connection.run(async (client) => {
    const stale = etag.replace(/^./, (first) => (first === '0' ? '1' : '0'));
    try {
      await client.send(
        new CopyObjectCommand({
          Bucket: connection.bucket,
          Key: `${key}-copy`,
          CopySource: `${connection.bucket}/${keyPath(key)}`,
          CopySourceIfMatch: `"${stale}"`,
        }),
      );
      return false;
    } catch (error) {
      if (isPreconditionFailed(error)) return true;
      throw error;
    }
  });
