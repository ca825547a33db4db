import type { Kysely } from 'kysely';
import type { Reader, Writer } from '../service/ports/store.ts';
import { accountReader, accountWriter } from './accounts/accounts.ts';
import { fileReader } from './files/reader.ts';
import { fileWriter } from './files/writer.ts';
import { garbageReader, garbageWriter } from './garbage.ts';
import type { Database } from './schema.ts';
import { sessionFileReader, sessionFileWriter } from './sessions/files.ts';
import { sessionReader, sessionWriter } from './sessions/sessions.ts';
import { tablesOf } from './tables-of.ts';
import { workspaceReader, workspaceWriter } from './workspaces.ts';

export const reader = (db: Kysely<Database>): Reader => {
  const tables = tablesOf(db);
  return {
    accounts: accountReader(tables),
    workspaces: workspaceReader(tables),
    sessions: sessionReader(tables),
    sessionFiles: sessionFileReader(tables),
    files: fileReader(tables),
    garbage: garbageReader(tables),
  };
};

/** Over a transaction. */
export const writer = (trx: Kysely<Database>): Writer => {
  const tables = tablesOf(trx);
  return {
    accounts: { ...accountReader(tables), ...accountWriter(tables) },
    workspaces: { ...workspaceReader(tables), ...workspaceWriter(tables) },
    sessions: { ...sessionReader(tables), ...sessionWriter(tables) },
    sessionFiles: { ...sessionFileReader(tables), ...sessionFileWriter(tables) },
    files: { ...fileReader(tables), ...fileWriter(tables) },
    garbage: { ...garbageReader(tables), ...garbageWriter(tables) },
  };
};
