import type { Migration } from 'kysely/migration';
import * as initial from './0001-initial.ts';
import * as lateUploads from './0002-late-uploads.ts';
import * as sidecarVersions from './0003-sidecar-versions.ts';
import * as keys from './0004-keys.ts';
import * as sessionLists from './0005-session-lists.ts';
import * as indexVersions from './0006-index-versions.ts';
import * as accountLists from './0007-account-lists.ts';

/**
 * Every migration in its order; those that are pending at a start are one commit. A released one never changes. None
 * rewrites rows: that is a job in resumable steps, see CONTRIBUTING.md.
 */
export const migrations: Record<string, Migration> = {
  '0001-initial': initial,
  '0002-late-uploads': lateUploads,
  '0003-sidecar-versions': sidecarVersions,
  '0004-keys': keys,
  '0005-session-lists': sessionLists,
  '0006-index-versions': indexVersions,
  '0007-account-lists': accountLists,
};
