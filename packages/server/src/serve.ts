import process from 'node:process';
import type { Logger } from 'pino';
import { type Server, startServer } from './app.ts';
import { UsageError } from './commands/usage-error.ts';
import { dataFolder } from './data-folder/data-folder.ts';
import type { Config } from './settings/config.ts';
import { stopOnSignals, watchSignals } from './stopping.ts';

export type Roles = { api: boolean; work: boolean };

/** Starts a process of the service, says where it listens, and ends it cleanly on SIGTERM and SIGINT. */
export const serve = async (config: Config, roles: Roles, log: Logger, version: string): Promise<void> => {
  if (config.storage.kind === 'embedded' && !(roles.api && roles.work)) {
    throw new UsageError(
      'the embedded store belongs to one process, which does all: run "sluiced serve", or set SLUICE_DATABASE_URL and SLUICE_S3_*',
    );
  }
  const starting = watchSignals(log);
  const server = await startServer({ config, log, version, roles, stop: starting.stop }).catch(
    (error: unknown) => {
      if (starting.stop.aborted) process.exit(0);
      throw error;
    },
  );
  starting.release();
  // Nobody sends requests to a process that only works through jobs.
  const { end } = stopOnSignals(server, roles.api ? config.http.drainSeconds : 0, log);
  for (const line of announcement(config, roles, server)) console.log(line);
  if (starting.stop.aborted) return end();
  // While it serves: a store that is away for a moment, or slow, keeps no server from starting.
  for (const wrong of await server.examine()) log.warn(wrong);
};

const announcement = ({ http, storage, firstStart }: Config, roles: Roles, server: Server): string[] => {
  if (!roles.api) return [`Sluice works; health and metrics on ${server.url}`];
  const lines = [`Sluice listens on ${server.url}`];
  if (server.publicUrl !== server.url) lines.push(`  Clients use        ${server.publicUrl}`);
  if (http.docs) lines.push(`  API documentation  ${server.publicUrl}/docs`);
  if (server.firstKey && firstStart.key !== null) {
    lines.push('  API key            the one of SLUICE_API_KEY');
  } else if (server.firstKey) {
    const { key, path } = server.firstKey;
    const kept = path === null ? 'kept nowhere' : `kept in ${path}`;
    lines.push(`  API key            ${key}`, `                     shown this once; ${kept}`);
  } else if (storage.kind === 'embedded') {
    const { apiKey } = dataFolder(storage.directory);
    lines.push(`  API key            the one of the first start, in ${apiKey} unless it was deleted`);
  } else {
    lines.push('  API key            the one of the first start; "sluiced token create" makes another');
  }
  lines.push(`  Workspace          ${firstStart.workspace}`);
  return lines;
};
