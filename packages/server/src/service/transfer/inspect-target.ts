import type { Reader } from '../ports/store.ts';
import type { TransferSource } from './source.ts';
import { TransferError } from './transfer-error.ts';
import { everyFile, everyToken, everyWorkspace } from './walks.ts';

/** `complete`: the keys are there, which come last. */
export type TargetState = 'empty' | 'unfinished' | 'complete';

/**
 * How far a transfer of this source into the target has come.
 * @throws TransferError where the target holds anything that the source does not
 */
export const inspectTarget = async (source: TransferSource, read: Reader): Promise<TargetState> => {
  const organizations = await read.accounts.organizations();
  if (organizations.length === 0) return 'empty';
  const complete = await hasTokens(source, read);
  const refuse = (what: string): never => {
    throw new TransferError(
      complete
        ? `The transfer to this target has ended, and the target has been in use since: it holds ${what}, which the data folder does not. Nothing was written.`
        : `The target holds ${what}, which the data folder does not. It must be empty, or hold nothing but an unfinished transfer of this folder: give it a new database. Nothing was written.`,
    );
  };
  for (const { id, name } of organizations) {
    if (!(await source.read.accounts.organization(id))) refuse(`the organization "${name}" (${id})`);
  }
  for (const { id } of await read.workspaces.deleted()) refuse(`the deleted workspace ${id}`);
  for await (const { workspace } of everyWorkspace(read)) {
    const { id, name } = workspace;
    if (!(await source.read.workspaces.byId(id))) refuse(`the workspace "${name}" (${id})`);
    const sessions = new Set(await Array.fromAsync(source.read.sessions.idsOfWorkspace(id)));
    for await (const session of read.sessions.idsOfWorkspace(id)) {
      if (!sessions.has(session)) refuse(`the upload session ${session}`);
    }
    for await (const file of everyFile(read.files, id)) {
      if (!(await source.read.files.get(id, file.id))) refuse(`the file "${file.name}" (${file.id})`);
    }
  }
  return complete ? 'complete' : 'unfinished';
};

/**
 * Keys come last and all at once, so that nobody can use a target before it is whole; if there are some, they are all of
 * the source's.
 */
const hasTokens = async (source: TransferSource, read: Reader): Promise<boolean> => {
  let some = false;
  for (const { id } of await read.accounts.organizations()) {
    for (const token of await everyToken(read.accounts, id)) {
      some = true;
      if (await source.read.accounts.token(id, token.id)) continue;
      throw new TransferError(
        `The target holds the API key ${token.id}, which the data folder does not: it is in use. Nothing was written.`,
      );
    }
  }
  return some;
};
