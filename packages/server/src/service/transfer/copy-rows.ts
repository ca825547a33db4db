import type { FileRecord } from '../../domain/file.ts';
import type { Session, SessionFile } from '../../domain/session.ts';
import type { Store } from '../ports/store.ts';
import { mergeFiles } from './merge-files.ts';
import type { TransferSource } from './source.ts';
import { TransferError } from './transfer-error.ts';
import { BATCH, everyToken, everyWorkspace, sessionFilePages } from './walks.ts';

/*
 * Every function here adds what the target lacks and leaves what it has, each transaction whole or not at all: after a
 * crash it is called again.
 */

/** Organizations, users and workspaces: what all the rest refers to. */
export const copyAccounts = async (source: TransferSource, target: Store): Promise<void> => {
  for (const organization of await source.read.accounts.organizations()) {
    const users = await source.users(organization.id);
    const workspaces = await source.read.workspaces.all(organization.id);
    await target.write(async (tx) => {
      await tx.accounts.insertOrganization(organization);
      if (!(await tx.accounts.organization(organization.id))) {
        throw new TransferError(`The target has another organization named "${organization.name}".`);
      }
      for (const user of users) {
        if (!(await tx.accounts.user(organization.id, user.id))) await tx.accounts.insertUser(user);
      }
      for (const workspace of workspaces) {
        // Its files are counted as they come.
        if (!(await tx.workspaces.byId(workspace.id)))
          await tx.workspaces.insert({ ...workspace, fileCount: 0 });
      }
    }, 'batch');
  }
};

/** Sessions that have ended, with their files, as the API shows them. `onRows` is told how many rows are through. */
export const copyHistory = async (
  source: TransferSource,
  target: Store,
  onRows: (count: number) => void,
): Promise<void> => {
  for await (const { workspace } of everyWorkspace(source.read)) {
    const there = new Set(await Array.fromAsync(target.read.sessions.idsOfWorkspace(workspace.id)));
    let sessions: Session[] = [];
    let files: SessionFile[] = [];
    const flush = async (): Promise<void> => {
      if (sessions.length === 0 && files.length === 0) return;
      await target.write(async (tx) => {
        for (const session of sessions) await tx.sessions.insert(session);
        await tx.sessionFiles.insertMany(files);
      }, 'batch');
      onRows(sessions.length + files.length);
      sessions = [];
      files = [];
    };
    for await (const id of source.read.sessions.idsOfWorkspace(workspace.id)) {
      const session = await source.read.sessions.byId(id);
      if (session === undefined) continue;
      if (!there.has(id)) sessions.push(session);
      for await (const page of sessionFilePages(source.read.sessionFiles, id)) {
        files.push(...page);
        if (sessions.length + files.length >= BATCH) await flush();
      }
    }
    await flush();
  }
};

/** Files, whose objects must be there already. `onRows` is told how many are through. */
export const copyFiles = async (
  source: TransferSource,
  target: Store,
  onRows: (count: number) => void,
): Promise<void> => {
  for await (const { workspace } of everyWorkspace(source.read)) {
    let missing: FileRecord[] = [];
    const flush = async (): Promise<void> => {
      const files = missing;
      missing = [];
      if (files.length === 0) return;
      await target.write(async (tx) => {
        await tx.files.lockWorkspace(workspace.id);
        await tx.files.insertMany(files);
      }, 'batch');
      onRows(files.length);
    };
    for await (const pair of mergeFiles(source.read.files, target.read.files, workspace.id)) {
      if (pair.source === undefined) continue;
      if (pair.target !== undefined) onRows(1);
      else if (missing.push(pair.source) >= BATCH) await flush();
    }
    await flush();
  }
};

/** All keys in one transaction: from then on the target can be used. */
export const copyTokens = async (source: TransferSource, target: Store): Promise<void> => {
  const organizations = await source.read.accounts.organizations();
  const tokens = await Promise.all(organizations.map(({ id }) => everyToken(source.read.accounts, id)));
  await target.write(async (tx) => {
    for (const token of tokens.flat()) await tx.accounts.insertToken(token);
  }, 'batch');
};
