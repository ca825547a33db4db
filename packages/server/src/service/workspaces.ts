import { reaches } from '../domain/accounts/access.ts';
import type { Principal } from '../domain/accounts/account.ts';
import { DomainError, notFound } from '../domain/errors.ts';
import { newWorkspace, type Workspace, workspaceNameProblem } from '../domain/workspace.ts';
import type { ServiceContext } from './context.ts';
import { createMetadataFields } from './files/metadata-fields.ts';

export type Workspaces = ReturnType<typeof createWorkspaces>;

export const createWorkspaces = ({
  store,
  jobs,
  clock,
  newId,
  maxWorkspaces,
}: Pick<ServiceContext, 'store' | 'jobs' | 'clock' | 'newId' | 'maxWorkspaces'>) => ({
  /** The workspace of that name; one out of reach is answered like one that is not there. */
  find: async (principal: Principal, name: string): Promise<Workspace> => {
    const workspace = await store.read.workspaces.byName(principal.organization.id, name);
    if (!workspace || !reaches(principal, workspace)) throw notFound('Workspace');
    return workspace;
  },

  list: async (principal: Principal): Promise<Workspace[]> => {
    const { organization, token } = principal;
    return token.workspaceIds === null
      ? store.read.workspaces.all(organization.id)
      : store.read.workspaces.among(organization.id, token.workspaceIds);
  },

  /** @throws BAD_REQUEST for a name that cannot be, NAME_TAKEN, TOO_MANY_WORKSPACES */
  create: async (principal: Principal, name: string): Promise<Workspace> => {
    const problem = workspaceNameProblem(name);
    if (problem !== null) throw new DomainError('BAD_REQUEST', problem);
    const workspace = newWorkspace({
      id: newId(),
      organizationId: principal.organization.id,
      name,
      createdAt: clock(),
    });
    return store.write(async (tx) => {
      if (!(await tx.workspaces.insert(workspace))) {
        throw new DomainError('NAME_TAKEN', `There is a workspace named "${name}" already.`);
      }
      if ((await tx.workspaces.count(workspace.organizationId)) > maxWorkspaces) {
        throw new DomainError('TOO_MANY_WORKSPACES', `An organization may have ${maxWorkspaces} workspaces.`);
      }
      return workspace;
    }, 'short');
  },

  /** Gone at once for everyone; its rows and objects follow. */
  delete: async (workspace: Workspace): Promise<void> => {
    const deleted = await store.write((tx) => tx.workspaces.markDeleted(workspace.id, clock()), 'short');
    if (!deleted) throw notFound('Workspace');
    jobs.enqueue({
      kind: 'purge_workspace',
      workspaceId: workspace.id,
      organizationId: workspace.organizationId,
    });
  },

  /** The first keys of the metadata of its files, each with the types of its values. */
  metadataFields: createMetadataFields(store.read.files),
});
