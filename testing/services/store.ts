import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Service } from './service.ts';

/** What a client needs to know of an S3-compatible store. Buckets are addressed by path. */
export type StoreAccess = {
  name: string;
  endpoint: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** `direct`: it takes forms from clients; `relay`: forms must go through the server. As in SLUICE_S3_UPLOADS. */
  uploads: 'direct' | 'relay';
};

export type Store = Service & { port: number; access: StoreAccess };

export type StoreOptions = {
  /** Where the data are kept; made if need be, and not deleted by `remove`. By default a temporary folder. */
  directory?: string;
  /** By default any free one. */
  port?: number;
};

export const REGION = 'us-east-1';

/** Resolves to whether a GET of the URL is answered by a success. */
export const isAnswered = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
};

export type Keys = { accessKeyId: string; secretAccessKey: string };

/** The keys of the store in this folder, made at the first start. */
export const storeKeys = (folder: string): Keys => {
  const file = join(folder, 'keys.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Keys;
  const keys = {
    accessKeyId: randomBytes(8).toString('hex'),
    secretAccessKey: randomBytes(16).toString('hex'),
  };
  writeFileSync(file, JSON.stringify(keys), { mode: 0o600 });
  return keys;
};
