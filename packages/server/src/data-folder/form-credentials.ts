import { randomBytes } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../objects/local/folders.ts';
import type { Credentials } from '../uploads/post-policy/signature.ts';

/**
 * The key that forms are signed with: made of chance at the first start and kept beside the data, readable by its
 * owner alone. Deleting the file makes a new one at the next start, and every form that is out worthless.
 * @throws where the file is there but not readable as such
 */
export const loadFormCredentials = async (path: string): Promise<Credentials> => {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? create(path) : parse(text, path);
};

const create = async (path: string): Promise<Credentials> => {
  const credentials = {
    accessKeyId: `SLUICE${randomBytes(7).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(32).toString('base64url'),
  };
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.chmod(0o600); // a start that died may have left it, with any mode
    await file.writeFile(`${JSON.stringify(credentials)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncFolder(dirname(path));
  return credentials;
};

const parse = (text: string, path: string): Credentials => {
  let value: Partial<Credentials> = {};
  try {
    value = JSON.parse(text);
  } catch {
    // told below, without the text: it may hold most of a secret
  }
  const { accessKeyId, secretAccessKey } = value ?? {};
  const usable = /^[A-Z0-9]{16,}$/.test(accessKeyId ?? '') && (secretAccessKey ?? '').length >= 32;
  if (!usable) throw new Error(`${path} holds no usable credentials; delete it to have new ones made`);
  return { accessKeyId: accessKeyId as string, secretAccessKey: secretAccessKey as string };
};
