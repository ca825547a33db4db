import { isIP } from 'node:net';
import { HOUR } from './domain/instant.ts';
import { workspaceNameProblem } from './domain/workspace.ts';

/** Everything that can be set, checked and complete. */
export type Config = {
  http: {
    host: string;
    /** 0: any free port. */
    port: number;
    /** What clients reach the server by; null: derived from host and port once it listens. */
    publicUrl: string | null;
    /** Origins whose pages may call the API and post forms. */
    corsOrigins: '*' | string[];
    docs: boolean;
  };
  storage: { kind: 'embedded'; directory: string; bucket: string };
  firstStart: { key: string | null; workspace: string };
  limits: {
    openSessionsPerUser: number;
    filesPerSession: number;
    workspaces: number;
    /** Bytes of a file on the direct road, and of one in a session. */
    directFileBytes: number;
    sessionFileBytes: number;
    /** Microseconds a TEMPORARY file stays. */
    temporaryFor: number;
  };
  logLevel: LogLevel;
};

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type Environment = Readonly<Record<string, string | undefined>>;

/** Not yet part of this version; said at the start rather than disregarded. */
const UNSUPPORTED = ['SLUICE_DATABASE_URL', 'SLUICE_S3_ENDPOINT', 'SLUICE_S3_REGION'];

/** Path segments the server needs for itself. */
const TAKEN_BUCKETS = ['api', 'docs', 'health', 'ready', 'metrics', 'openapi.json'];

const KNOWN = new Set([
  ...UNSUPPORTED,
  'SLUICE_API_KEY',
  'SLUICE_BUCKET',
  'SLUICE_CORS_ORIGINS',
  'SLUICE_DATA_DIR',
  'SLUICE_DOCS',
  'SLUICE_HOST',
  'SLUICE_LOG_LEVEL',
  'SLUICE_MAX_DIRECT_FILE_BYTES',
  'SLUICE_MAX_FILES_PER_SESSION',
  'SLUICE_MAX_OPEN_SESSIONS',
  'SLUICE_MAX_SESSION_FILE_BYTES',
  'SLUICE_MAX_WORKSPACES',
  'SLUICE_PORT',
  'SLUICE_PUBLIC_URL',
  'SLUICE_S3_ACCESS_KEY_ID',
  'SLUICE_S3_FORCE_PATH_STYLE',
  'SLUICE_S3_SECRET_ACCESS_KEY',
  'SLUICE_TEMPORARY_HOURS',
  'SLUICE_WORKSPACE',
]);

/** Reads the settings. An empty value counts as not set. All that is wrong with them is reported together. */
export const readConfig = (environment: Environment): { config: Config } | { problems: string[] } => {
  const problems: string[] = [];
  const text = (name: string): string | null => environment[name]?.trim() || null;
  const wrong = <T>(name: string, problem: string, fallback: T): T => {
    problems.push(`${name} ${problem}`);
    return fallback;
  };

  const whole = (name: string, fallback: number, min: number, max: number): number => {
    const value = text(name);
    if (value === null) return fallback;
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    return number >= min && number <= max
      ? number
      : wrong(name, `is "${value}"; it takes a whole number from ${min} to ${max}`, fallback);
  };

  const oneOf = <T extends string>(name: string, fallback: T, values: readonly T[]): T => {
    const value = text(name) ?? fallback;
    return (
      values.find((known) => known === value) ??
      wrong(name, `is "${value}"; it takes ${values.join(', ')}`, fallback)
    );
  };

  const url = (name: string): string | null => {
    const value = text(name);
    if (value === null) return null;
    const parsed = URL.canParse(value) ? new URL(value) : undefined;
    if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.search || parsed.hash || parsed.username) {
      return wrong(name, `is "${value}"; it takes an http or https URL without query`, null);
    }
    return parsed.href.replace(/\/+$/, '');
  };

  for (const name of Object.keys(environment)) {
    if (name.startsWith('SLUICE_') && !KNOWN.has(name)) wrong(name, 'is not a setting of Sluice', null);
  }
  for (const name of UNSUPPORTED) {
    if (text(name) !== null)
      wrong(name, 'is set, but this version has the embedded store only; unset it', null);
  }

  const host = text('SLUICE_HOST') ?? '127.0.0.1';
  const publicUrl = url('SLUICE_PUBLIC_URL');
  if (publicUrl === null && isIP(host) !== 0 && /^(0\.0\.0\.0|::|::0)$/.test(host)) {
    wrong(
      'SLUICE_PUBLIC_URL',
      `must be set where SLUICE_HOST is ${host}: forms have to name an address clients reach`,
      null,
    );
  }

  const bucket = text('SLUICE_BUCKET') ?? 'sluice-user-files-upload';
  if (
    !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) ||
    bucket.includes('..') ||
    TAKEN_BUCKETS.includes(bucket)
  ) {
    wrong(
      'SLUICE_BUCKET',
      `is "${bucket}"; it takes 3 to 63 of a-z 0-9 - . and starts and ends with a letter or digit`,
      null,
    );
  }

  const key = text('SLUICE_API_KEY');
  if (key !== null && !/^[\x21-\x7e]{16,500}$/.test(key)) {
    wrong('SLUICE_API_KEY', 'must have 16 to 500 visible ASCII characters', null);
  }

  const workspace = text('SLUICE_WORKSPACE') ?? 'default';
  const workspaceProblem = workspaceNameProblem(workspace);
  if (workspaceProblem !== null) wrong('SLUICE_WORKSPACE', `is "${workspace}": ${workspaceProblem}`, null);

  const origins = (text('SLUICE_CORS_ORIGINS') ?? '*').split(',').map((origin) => origin.trim());
  for (const origin of origins) {
    if (origin !== '*' && !(URL.canParse(origin) && new URL(origin).origin === origin)) {
      wrong(
        'SLUICE_CORS_ORIGINS',
        `has "${origin}"; it takes * or origins like https://app.example.com`,
        null,
      );
    }
  }

  const config: Config = {
    http: {
      host,
      port: whole('SLUICE_PORT', 8000, 0, 65_535),
      publicUrl,
      corsOrigins: origins.includes('*') ? '*' : origins,
      docs: oneOf('SLUICE_DOCS', 'on', ['on', 'off']) === 'on',
    },
    storage: { kind: 'embedded', directory: text('SLUICE_DATA_DIR') ?? './data', bucket },
    firstStart: { key, workspace },
    limits: {
      openSessionsPerUser: whole('SLUICE_MAX_OPEN_SESSIONS', 10, 1, 10_000),
      filesPerSession: whole('SLUICE_MAX_FILES_PER_SESSION', 10_000, 1, 100_000),
      workspaces: whole('SLUICE_MAX_WORKSPACES', 100, 1, 100_000),
      directFileBytes: whole('SLUICE_MAX_DIRECT_FILE_BYTES', 200 * 1024 ** 2, 1, 5 * 1024 ** 3),
      sessionFileBytes: whole('SLUICE_MAX_SESSION_FILE_BYTES', 5 * 1024 ** 3, 1, 5 * 1024 ** 3),
      temporaryFor: whole('SLUICE_TEMPORARY_HOURS', 24, 1, 24 * 365) * HOUR,
    },
    logLevel: oneOf('SLUICE_LOG_LEVEL', 'info', LOG_LEVELS),
  };
  return problems.length > 0 ? { problems } : { config };
};
