import type { Logger } from 'pino';
import { type Server, startServer } from './app.ts';
import type { Config } from './config.ts';

export type Roles = { api: boolean; work: boolean };

/** Starts a process of the service, says where it listens, and ends it cleanly on SIGTERM and SIGINT. */
export const serve = async (config: Config, roles: Roles, log: Logger, version: string): Promise<void> => {
  if (config.storage.kind === 'embedded' && !(roles.api && roles.work)) {
    throw new Error(
      'the embedded store belongs to one process, which does all: run "sluiced serve", or set SLUICE_DATABASE_URL and SLUICE_S3_*',
    );
  }
  const stop = stopSignal(log);
  const hurry = (): void => {
    setTimeout(() => process.exit(0), LONGEST_END_OF_START).unref();
  };
  stop.addEventListener('abort', hurry);
  const server = await startServer({ config, log, version, roles, stop }).catch((error: unknown) => {
    if (stop.aborted) process.exit(0);
    throw error;
  });
  stop.removeEventListener('abort', hurry);
  for (const line of announcement(config, roles, server)) console.log(line);
  const close = (): void => {
    server.close().catch((error: unknown) => {
      log.fatal({ err: error }, 'did not stop cleanly');
      process.exit(1);
    });
  };
  if (stop.aborted) close();
  else stop.addEventListener('abort', close);
};

/**
 * Milliseconds that a start gets to end by itself once it is stopped, a database that does not answer or a long migration
 * notwithstanding: each of its steps is done whole or not at all.
 */
const LONGEST_END_OF_START = 3000;

/** Aborted by SIGTERM and SIGINT. Of either, the second one ends the process at once. */
const stopSignal = (log: Logger): AbortSignal => {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'stopping');
      stop.abort();
    });
  }
  return stop.signal;
};

const announcement = ({ http, storage, firstStart }: Config, roles: Roles, server: Server): string[] => {
  if (!roles.api) return [`Sluice works; health and metrics on ${server.url}`];
  const lines = [`Sluice listens on ${server.url}`];
  if (server.publicUrl !== server.url) lines.push(`  Clients use        ${server.publicUrl}`);
  if (http.docs) lines.push(`  API documentation  ${server.publicUrl}/docs`);
  if (server.firstKey && firstStart.key === null) {
    const { key, path } = server.firstKey;
    const kept = path === null ? 'kept nowhere' : `kept in ${path}`;
    lines.push(`  API key            ${key}`, `                     shown this once; ${kept}`);
  } else if (storage.kind === 'embedded') {
    const path = `${storage.directory}/api-key`;
    lines.push(`  API key            the one of the first start; if it was made, it is in ${path}`);
  } else {
    lines.push('  API key            the one of the first start; "sluiced token create" makes another');
  }
  lines.push(`  Workspace          ${firstStart.workspace}`);
  return lines;
};
