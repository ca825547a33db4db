import type { Instant } from '../../domain/instant.ts';
import type { Workspace } from '../../domain/workspace.ts';

/** Workspaces that are there. */
export interface WorkspaceLookup {
  byName(organizationId: string, name: string): Promise<Workspace | undefined>;
  byId(id: string): Promise<Workspace | undefined>;
  /** Those of these names that there are. */
  byNames(organizationId: string, names: readonly string[]): Promise<Workspace[]>;
  /** Names by id, of those of these ids that there are. */
  names(ids: readonly string[]): Promise<Map<string, string>>;
  /** All of an organization, by name. Deleted ones are in no answer of this interface but `deleted`. */
  all(organizationId: string): Promise<Workspace[]>;
  /** Those of them with one of these ids, by name. */
  among(organizationId: string, ids: readonly string[]): Promise<Workspace[]>;
  count(organizationId: string): Promise<number>;
}

/** Workspaces that go. */
export interface WorkspaceWalks {
  /** Deleted workspaces whose rows are not gone yet. */
  deleted(): Promise<DeletedWorkspace[]>;
}

export interface WorkspaceReader extends WorkspaceLookup, WorkspaceWalks {}

export type DeletedWorkspace = {
  id: string;
  organizationId: string;
  /** When all it held had been removed a first time. */
  purgedAt: Instant | null;
  /** When the last of its forms runs out; null where it had no session. */
  lastExpiry: Instant | null;
};

export interface WorkspaceWriter {
  /** False where the name is taken. */
  insert(workspace: Workspace): Promise<boolean>;
  /** Hides it and frees its name. False where there was none. */
  markDeleted(id: string, at: Instant): Promise<boolean>;
  setPurged(id: string, at: Instant): Promise<void>;
  /** Removes at most `limit` rows of a session's files, and its own once none is left. True when that is gone. */
  removeSession(id: string, limit: number): Promise<boolean>;
  /** Removes the row of a deleted workspace; its sessions and files must be gone. */
  remove(id: string): Promise<void>;
}
