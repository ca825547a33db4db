import type { AccountReader, AccountWriter } from './accounts.ts';
import type { FileReader, FileWriter } from './files.ts';
import type { GarbageReader, GarbageWriter } from './garbage.ts';
import type { SessionFileReader, SessionFileWriter } from './session-files.ts';
import type { SessionReader, SessionWriter } from './sessions.ts';
import type { WorkspaceReader, WorkspaceWriter } from './workspaces.ts';

/**
 * Rows the service reads and writes. Reads see what was committed; writes are of a transaction, all or nothing. A read
 * that takes too long, or would have to wait for too many of those, rejects with QUERY_TOO_DEAR.
 */
export interface Store {
  readonly read: Reader;
  /**
   * Runs `work` in one transaction. It may run again if the database asks for that: no side effects inside.
   * @param kind `short`: what somebody waits for. `batch`: background work, and steps of a long request, which where there is
   * one writer let short ones go first
   */
  write<T>(work: (tx: Writer) => Promise<T>, kind: WriteKind): Promise<T>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

export type WriteKind = 'short' | 'batch';

export type Reader = {
  accounts: AccountReader;
  workspaces: WorkspaceReader;
  sessions: SessionReader;
  sessionFiles: SessionFileReader;
  files: FileReader;
  garbage: GarbageReader;
};

export type Writer = {
  accounts: AccountReader & AccountWriter;
  workspaces: WorkspaceReader & WorkspaceWriter;
  sessions: SessionReader & SessionWriter;
  sessionFiles: SessionFileReader & SessionFileWriter;
  files: FileReader & FileWriter;
  garbage: GarbageReader & GarbageWriter;
};
