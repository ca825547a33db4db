import type { Kysely } from 'kysely';
import type { Reader, Writer } from '../service/ports/store.ts';
import { accountReader, accountWriter } from './accounts/accounts.ts';
import { fileReader } from './files/reader.ts';
import { fileWriter } from './files/writer.ts';
import { garbageReader, garbageWriter } from './garbage.ts';
import type { Database } from './schema.ts';
import { sessionFileReader, sessionFileWriter } from './sessions/files.ts';
import { sessionReader, sessionWriter } from './sessions/sessions.ts';
import { workspaceReader, workspaceWriter } from './workspaces.ts';

export const reader = (db: Kysely<Database>): Reader => ({
  accounts: accountReader(db),
  workspaces: workspaceReader(db),
  sessions: sessionReader(db),
  sessionFiles: sessionFileReader(db),
  files: fileReader(db),
  garbage: garbageReader(db),
});

/** Over a transaction. */
export const writer = (trx: Kysely<Database>): Writer => ({
  accounts: { ...accountReader(trx), ...accountWriter(trx) },
  workspaces: { ...workspaceReader(trx), ...workspaceWriter(trx) },
  sessions: { ...sessionReader(trx), ...sessionWriter(trx) },
  sessionFiles: { ...sessionFileReader(trx), ...sessionFileWriter(trx) },
  files: { ...fileReader(trx), ...fileWriter(trx) },
  garbage: { ...garbageReader(trx), ...garbageWriter(trx) },
});
