#!/usr/bin/env node
import process from 'node:process';
import pino from 'pino';
import manifest from '../package.json' with { type: 'json' };
import { startServer } from './app.ts';
import { type Config, readConfig } from './config.ts';
import { tokenCommand } from './token-command.ts';

const USAGE = `Usage: sluiced <command>

  serve                   start the server (settings: SLUICE_* variables, see the README)
  token create [options]  make an API key, also while a server runs
      --organization NAME   made if it does not exist      (default)
      --email ADDRESS       user the key belongs to        (admin@sluice.invalid)
      --role ROLE           ADMIN, MEMBER or EXTERNAL      (MEMBER)
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

const serve = async (): Promise<void> => {
  const config = configOrExit();
  const log = pino(
    { level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    process.stderr,
  );
  const server = await startServer({ config, log, version: manifest.version });

  console.log(`Sluice listens on ${server.url}`);
  if (server.publicUrl !== server.url) console.log(`  Clients use        ${server.publicUrl}`);
  if (config.http.docs) console.log(`  API documentation  ${server.publicUrl}/docs`);
  if (server.firstKey && config.firstStart.key === null) {
    console.log(`  API key            ${server.firstKey.key}`);
    console.log(`                     shown this once; kept in ${server.firstKey.path}`);
  } else {
    console.log(
      `  API key            the one of the first start; if it was made, it is in ${config.storage.directory}/api-key`,
    );
  }
  console.log(`  Workspace          ${config.firstStart.workspace}`);

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'stopping');
      server.close().catch((error: unknown) => {
        log.fatal({ err: error }, 'did not stop cleanly');
        process.exitCode = EXIT.failed;
      });
    });
  }
};

const main = async ([command, ...rest]: string[]): Promise<void> => {
  if (command === 'serve' && rest.length === 0) return serve();
  if (command === 'token' && rest[0] === 'create') {
    return console.log(await tokenCommand(configOrExit(), rest.slice(1)));
  }
  if (command === 'version' || command === '--version') return console.log(manifest.version);
  if (command === 'help' || command === '--help') return console.log(USAGE);
  console.error(USAGE);
  process.exitCode = EXIT.usage;
};

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`sluiced: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = EXIT.failed;
});
