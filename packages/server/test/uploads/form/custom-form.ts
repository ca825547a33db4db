import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { UploadForm } from '@sluice/contract';
import { HOUR, type Instant } from '../../../src/domain/instant.ts';
import { formatAmzDate } from '../../../src/uploads/post-policy/amz-date.ts';
import { ALGORITHM, credentialOf, signPolicy } from '../../../src/uploads/post-policy/signature.ts';
import { BUCKET, type FormServer, PREFIX } from './form-server.ts';

export type CustomForm = {
  conditions?: readonly unknown[];
  fields?: Record<string, string>;
  expiresAt?: Instant;
  /** Replaces the whole document. */
  document?: unknown;
  key?: string;
};

/** A form of any policy, well signed: what only the server itself could make. */
export const customForm = async (server: FormServer, custom: CustomForm = {}): Promise<UploadForm> => {
  const { accessKeyId, secretAccessKey } = JSON.parse(
    await readFile(join(server.directory, 'form-credentials.json'), 'utf8'),
  );
  const now = server.clock();
  const date = formatAmzDate(now);
  const day = date.slice(0, 8);
  const signatureFields = {
    'x-amz-algorithm': ALGORITHM,
    'x-amz-credential': credentialOf(accessKeyId, day, 'us-east-1'),
    'x-amz-date': date,
  };
  const document = custom.document ?? {
    expiration: new Date((custom.expiresAt ?? now + HOUR) / 1000).toISOString(),
    conditions: [
      { bucket: BUCKET },
      ['starts-with', '$key', PREFIX],
      ...Object.entries(signatureFields).map(([name, value]) => ({ [name]: value })),
      ...(custom.conditions ?? []),
    ],
  };
  const policy = Buffer.from(JSON.stringify(document)).toString('base64');
  return {
    url: server.form.url,
    fields: {
      key: custom.key ?? `${PREFIX}\${filename}`,
      ...signatureFields,
      policy,
      'x-amz-signature': signPolicy(policy, { secretAccessKey, date: day, region: 'us-east-1' }),
      ...custom.fields,
    },
  };
};
