#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import manifest from '../package.json' with { type: 'json' };
import { UsageError } from './commands/usage-error.ts';
import { explain } from './explain.ts';
import { loggedError } from './logged-error.ts';
import { type Config, readConfig } from './settings/config.ts';

const USAGE = `Usage: sluiced <command>

  serve                   start a server (settings: SLUICE_* variables, see the README)
      --no-work             answer the API only, leave jobs to "sluiced work"
  work                    work through jobs only: ingestion, expiry, deletion
  migrate                 bring the database up to date and say what was done
  bucket setup|check      make the bucket fit for uploads, or try whether it is
      --origin ORIGIN       web page that may upload; repeatable  (SLUICE_CORS_ORIGINS)
  sweep [options]         delete objects that no row knows
      --dry-run             only list them
      --grace-hours N       spare what is younger                 (24)
      --limit N             stop at so many                       (10000)
      --unknown-organizations  take objects of organizations that no row knows, too
  transfer --from DIR     move an embedded data folder to PostgreSQL and S3
      --dry-run             only check and count
  token create [options]  make an API key, also while a server runs
      --organization NAME   made if it does not exist             (default)
      --email ADDRESS       user the key belongs to               (admin@sluice.invalid)
      --role ROLE           ADMIN, MEMBER or EXTERNAL             (MEMBER)
      --permission NAME     sessions:write, files:read, files:write or admin; repeatable (those of the role)
      --workspace NAME      limit the key to it; repeatable
      --plan N              plan of a new organization, 0 to 3; 0 has no upload sessions (3)
  version`;

const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

const configOrExit = (): Config => {
  const result = readConfig(process.env);
  if ('config' in result) return result.config;
  for (const problem of result.problems) console.error(`sluiced: ${problem}`);
  process.exit(EXIT.usage);
};

const start = async (roles: { api: boolean; work: boolean }): Promise<void> => {
  const config = configOrExit();
  const timestamp = pino.stdTimeFunctions.isoTime;
  // A log on a full disk, or whose reader is gone, is no reason to stop serving.
  process.stderr.on('error', () => {});
  const log = pino(
    { level: config.logLevel, base: null, timestamp, serializers: { err: loggedError } },
    process.stderr,
  );
  const { serve } = await import('./serve.ts');
  return serve(config, roles, log, manifest.version);
};

/**
 * What was compiled, and freed of its types, is kept for the next start, which it takes less than half of. Beside the packages: who can write
 * there can change the code itself. Where this process cannot, nothing is kept.
 */
const keepCompiled = (): void => {
  const { directory } = enableCompileCache(
    fileURLToPath(new URL('../../../node_modules/.compile-cache', import.meta.url)),
  );
  if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory; // threads go by it
};

/** Each is loaded when it is called: what one needs the others do not wait for. */
const COMMANDS: Record<string, (args: string[]) => Promise<void> | void> = {
  serve: (args) => {
    const [option, ...more] = args;
    if (more.length > 0 || (option !== undefined && option !== '--no-work')) {
      throw new UsageError(`serve takes --no-work and nothing else, not "${args.join(' ')}"`);
    }
    return start({ api: true, work: option === undefined });
  },
  work: (args) => {
    if (args.length > 0) throw new UsageError(`work takes nothing else, not "${args.join(' ')}"`);
    return start({ api: false, work: true });
  },
  migrate: async (args) => (await import('./commands/migrate.ts')).migrateCommand(configOrExit(), args),
  bucket: async (args) => (await import('./commands/bucket.ts')).bucketCommand(configOrExit(), args),
  sweep: async (args) => (await import('./commands/sweep.ts')).sweepCommand(configOrExit(), args),
  transfer: async (args) => (await import('./commands/transfer.ts')).transferCommand(configOrExit(), args),
  token: async (args) => (await import('./commands/token.ts')).tokenCommand(configOrExit(), args),
  version: () => console.log(manifest.version),
  help: () => console.log(USAGE),
};

const ASKS_FOR_HELP = ['--help', '-h'];
const ASKS_FOR_VERSION = ['--version', '-v'];

/** Ours, or one of `parseArgs`. */
const isUsageError = (error: unknown): error is Error =>
  error instanceof UsageError ||
  (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_'));

/** What went wrong while things were closed after an error is of less interest than that error. */
const firstOf = (error: unknown): unknown =>
  error instanceof SuppressedError ? firstOf(error.suppressed) : error;

/** The settings are those that the command has read; where they could not be, it has ended. */
const wordsOf = (error: unknown): string => {
  const settings = readConfig(process.env);
  if ('config' in settings) return explain(error, settings.config.storage);
  return error instanceof Error ? error.message : String(error);
};

const main = async ([name = '', ...args]: string[]): Promise<void> => {
  if (name === '') throw new UsageError();
  if ([name, ...args].some((word) => ASKS_FOR_HELP.includes(word))) return console.log(USAGE);
  const words = ASKS_FOR_VERSION.includes(name) ? 'version' : name;
  const command = Object.hasOwn(COMMANDS, words) ? COMMANDS[words] : undefined;
  if (command === undefined) throw new UsageError(`there is no command "${name}"; "sluiced help" names them`);
  keepCompiled();
  await command(args);
};

main(process.argv.slice(2)).catch((error: unknown) => {
  if (isUsageError(error)) {
    console.error(error.message === '' ? USAGE : `sluiced: ${error.message}`);
    process.exit(EXIT.usage);
  }
  console.error(`sluiced: ${wordsOf(firstOf(error))}`);
  // Whatever is still open: a supervisor starts again only what has ended.
  process.exit(EXIT.failed);
});
