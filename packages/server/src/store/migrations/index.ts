import type { Migration } from 'kysely/migration';
import * as initial from './0001-initial.ts';
import * as lateUploads from './0002-late-uploads.ts';
import * as sidecarVersions from './0003-sidecar-versions.ts';
import * as sessionLists from './0005-session-lists.ts';

/** Every migration in its order. A released one never changes. */
export const migrations: Record<string, Migration> = {
  '0001-initial': initial,
  '0002-late-uploads': lateUploads,
  '0003-sidecar-versions': sidecarVersions,
  '0005-session-lists': sessionLists,
};
