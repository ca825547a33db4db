import { isIP } from 'node:net';
import { HOUR } from '../domain/instant.ts';
import type { Limits } from '../domain/limits.ts';
import { workspaceNameProblem } from '../domain/workspace.ts';
import { type Environment, readSettings, type SettingsReader } from './settings-reader.ts';
import { readStorage, STORAGE_SETTINGS, type StorageConfig } from './storage-config.ts';

/** Everything that can be set, checked and complete. */
export type Config = {
  http: HttpConfig;
  storage: StorageConfig;
  firstStart: { key: string | null; workspace: string };
  limits: Limits;
  /** Jobs that this process runs side by side. */
  jobConcurrency: number;
  logLevel: LogLevel;
};

export type HttpConfig = {
  host: string;
  /** 0: any free port. */
  port: number;
  /** What clients reach the server by; null: derived from host and port once it listens. */
  publicUrl: string | null;
  /** Origins whose pages may call the API and post forms. */
  corsOrigins: '*' | string[];
  docs: boolean;
  metrics: 'key' | 'open' | 'off';
  /** How long a server that is told to stop goes on, so that balancers look elsewhere before it refuses. */
  drainSeconds: number;
};

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const KNOWN = new Set([
  ...STORAGE_SETTINGS,
  'SLUICE_API_KEY',
  'SLUICE_CORS_ORIGINS',
  'SLUICE_DOCS',
  'SLUICE_DRAIN_SECONDS',
  'SLUICE_HOST',
  'SLUICE_JOB_CONCURRENCY',
  'SLUICE_LOG_LEVEL',
  'SLUICE_MAX_DIRECT_FILE_BYTES',
  'SLUICE_MAX_FILES_PER_SESSION',
  'SLUICE_MAX_OPEN_SESSIONS',
  'SLUICE_MAX_SESSION_FILE_BYTES',
  'SLUICE_MAX_WORKSPACES',
  'SLUICE_METRICS',
  'SLUICE_PORT',
  'SLUICE_PUBLIC_URL',
  'SLUICE_QUERY_SECONDS',
  'SLUICE_TEMPORARY_HOURS',
  'SLUICE_WORKSPACE',
]);

/** Reads the settings. All that is wrong with them is reported together. */
export const readConfig = (environment: Environment): { config: Config } | { problems: string[] } => {
  const settings = readSettings(environment);
  const { whole, wrong } = settings;
  for (const name of Object.keys(environment)) {
    if (name.startsWith('SLUICE_') && !KNOWN.has(name)) wrong(name, 'is not a setting of Sluice', null);
  }
  const storage = readStorage(settings);
  const config: Config = {
    http: readHttp(settings, DRAIN_SECONDS[storage.kind]),
    storage,
    firstStart: readFirstStart(settings),
    limits: {
      maxOpenSessions: whole('SLUICE_MAX_OPEN_SESSIONS', 10, 1, 10_000),
      maxFilesPerSession: whole('SLUICE_MAX_FILES_PER_SESSION', 10_000, 1, 100_000),
      maxWorkspaces: whole('SLUICE_MAX_WORKSPACES', 100, 1, 100_000),
      maxDirectFileBytes: whole('SLUICE_MAX_DIRECT_FILE_BYTES', 200 * 1024 ** 2, 1, 5 * 1024 ** 3),
      maxSessionFileBytes: whole('SLUICE_MAX_SESSION_FILE_BYTES', 5 * 1024 ** 3, 1, 5 * 1024 ** 3),
      temporaryFor: whole('SLUICE_TEMPORARY_HOURS', 24, 1, 24 * 365) * HOUR,
      queryMs: whole('SLUICE_QUERY_SECONDS', 5, 1, 600) * 1000,
    },
    jobConcurrency: whole('SLUICE_JOB_CONCURRENCY', 4, 1, 100),
    logLevel: settings.oneOf('SLUICE_LOG_LEVEL', 'info', LOG_LEVELS),
  };
  return settings.problems.length > 0 ? { problems: settings.problems } : { config };
};

/**
 * One process has no other to look to. Many stand behind a balancer, which asks every few seconds and may want two or
 * three bad answers.
 */
const DRAIN_SECONDS = { embedded: 0, production: 10 } as const;

const readHttp = ({ text, wrong, whole, url, oneOf }: SettingsReader, drainSeconds: number): HttpConfig => {
  const host = text('SLUICE_HOST') ?? '127.0.0.1';
  const publicUrl = url('SLUICE_PUBLIC_URL');
  if (publicUrl === null && isIP(host) !== 0 && /^(0\.0\.0\.0|::|::0)$/.test(host)) {
    wrong(
      'SLUICE_PUBLIC_URL',
      `must be set where SLUICE_HOST is ${host}: forms have to name an address clients reach`,
      null,
    );
  }
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
  return {
    host,
    port: whole('SLUICE_PORT', 8000, 0, 65_535),
    publicUrl,
    corsOrigins: origins.includes('*') ? '*' : origins,
    docs: oneOf('SLUICE_DOCS', 'on', ['on', 'off']) === 'on',
    metrics: oneOf('SLUICE_METRICS', 'key', ['key', 'open', 'off']),
    drainSeconds: whole('SLUICE_DRAIN_SECONDS', drainSeconds, 0, 600),
  };
};

const readFirstStart = ({ text, wrong }: SettingsReader): Config['firstStart'] => {
  const key = text('SLUICE_API_KEY');
  if (key !== null && !/^[\x21-\x7e]{16,500}$/.test(key)) {
    wrong('SLUICE_API_KEY', 'must have 16 to 500 visible ASCII characters', null);
  }
  const workspace = text('SLUICE_WORKSPACE') ?? 'default';
  const problem = workspaceNameProblem(workspace);
  if (problem !== null) wrong('SLUICE_WORKSPACE', `is "${workspace}": ${problem}`, null);
  return { key, workspace };
};
