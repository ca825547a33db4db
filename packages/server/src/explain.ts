import { dataFolderProblem } from './data-folder/problem.ts';
import { codeOf } from './domain/failures/connection-cause.ts';
import { type Cause, type Look, Outage } from './domain/failures/outage.ts';
import { storeCause } from './objects/s3/cause.ts';
import {
  type DatabaseConfig,
  type ProductionStorage,
  plainPart,
  type StorageConfig,
} from './settings/storage-config.ts';
import { databaseCause, isServerError } from './store/postgres/cause.ts';

/**
 * What went wrong, for the operator: where, why, and which settings to look at; never a secret. An error that is no
 * outage says what it says.
 */
export const explain = (error: unknown, storage: StorageConfig): string => {
  const outage = outageOf(error);
  if (storage.kind === 'embedded') {
    const { directory } = storage;
    return dataFolderProblem(directory, directory, outage?.cause ?? error) ?? messageOf(error);
  }
  if (outage?.of === 'objects') return ofStore(outage.cause, storage);
  if (outage?.of === 'database') return ofDatabase(outage.cause, storage.database);
  if (isServerError(error)) return ofDatabase(error, storage.database);
  return messageOf(error);
};

/** The same, as an error that ends a command. */
export const explained = (error: unknown, storage: StorageConfig): unknown => {
  const message = explain(error, storage);
  return message === messageOf(error) ? error : new Error(message, { cause: error });
};

/** An error of the object store, met by what knows that it is one. */
export const ofObjects = (cause: unknown): Outage =>
  new Outage('objects', 'The object store cannot be used.', cause);

/** The outage that an error is, or that was its cause. */
const outageOf = (error: unknown): Outage | undefined => {
  if (error instanceof Outage) return outageOf(error.cause) ?? error;
  return error instanceof Error && error.cause !== undefined ? outageOf(error.cause) : undefined;
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const ofDatabase = (error: unknown, { url }: DatabaseConfig): string => {
  const { hostname, port, pathname, username } = new URL(url);
  const where = `${hostname || 'localhost'}:${port || 5432}`;
  const name = plainPart(pathname.slice(1)) || plainPart(username);
  return sentence(
    `The database "${name}" at ${where} cannot be used`,
    databaseCause(error),
    () => 'SLUICE_DATABASE_URL',
  );
};

const ofStore = (error: unknown, { bucket, s3 }: ProductionStorage): string => {
  const where = s3.endpoint ?? `Amazon S3 in ${s3.region}`;
  const address = s3.endpoint === null ? 'SLUICE_S3_REGION' : 'SLUICE_S3_ENDPOINT';
  const settings: Record<Look, string> = {
    address,
    tls: address,
    name: 'SLUICE_BUCKET',
    key: 'SLUICE_S3_ACCESS_KEY_ID',
    user: 'SLUICE_S3_ACCESS_KEY_ID',
    secret: 'SLUICE_S3_SECRET_ACCESS_KEY',
    password: 'SLUICE_S3_SECRET_ACCESS_KEY',
    region: 'SLUICE_S3_REGION',
  };
  return sentence(
    `The bucket "${bucket}" at ${where} cannot be used`,
    storeCause(error),
    (look) => settings[look],
  );
};

const sentence = (what: string, { why, code, look }: Cause, settingOf: (look: Look) => string): string => {
  const settings = [...new Set(look.map(settingOf))];
  const advice = settings.length === 0 ? '' : ` Look at ${settings.join(', ')}.`;
  return `${what}: ${why} (${code}).${advice}`;
};

const LISTENING: Record<string, readonly [why: string, setting: 'SLUICE_HOST' | 'SLUICE_PORT']> = {
  EADDRINUSE: ['another process listens there', 'SLUICE_PORT'],
  EACCES: ['this user may not listen on that port', 'SLUICE_PORT'],
  EADDRNOTAVAIL: ['this machine has no such address', 'SLUICE_HOST'],
  ENOTFOUND: ['there is no host of that name', 'SLUICE_HOST'],
  EAI_AGAIN: ['the name of the host cannot be looked up now', 'SLUICE_HOST'],
  EINVAL: ['that is no address to listen on', 'SLUICE_HOST'],
};

/** Why a server does not listen. */
export const notListening = (error: unknown, { host, port }: { host: string; port: number }): unknown => {
  const code = codeOf(error) ?? '';
  const known = LISTENING[code];
  if (known === undefined) return error;
  const [why, setting] = known;
  return new Error(`Nothing can listen on ${host}:${port}: ${why} (${code}). Look at ${setting}.`, {
    cause: error,
  });
};
