import { WORKSPACE_NAME } from '@sluice/contract';
import { nameProblem } from './file-name.ts';
import type { Instant } from './instant.ts';

export type Workspace = {
  id: string;
  organizationId: string;
  name: string;
  createdAt: Instant;
  /** Files that lists show: TEMPORARY ones are not counted. */
  fileCount: number;
  /** Goes up with every change to the files: what was computed for an equal version still holds. */
  filesVersion: number;
};

/** An empty one. */
export const newWorkspace = (
  of: Pick<Workspace, 'id' | 'organizationId' | 'name' | 'createdAt'>,
): Workspace => ({ ...of, fileCount: 0, filesVersion: 0 });

/** Why a workspace may not be called that; null if it may. */
export const workspaceNameProblem = (name: string): string | null => {
  if (name.length < WORKSPACE_NAME.min) {
    return `A workspace name has more than ${WORKSPACE_NAME.min - 1} characters.`;
  }
  if (name.includes('/')) return 'A workspace name contains no slash.';
  return nameProblem(name)?.replace('The name', 'The workspace name') ?? null;
};
