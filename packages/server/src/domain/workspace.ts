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
