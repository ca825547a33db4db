/**
 * What happens to a file whose name is taken in the workspace.
 * KEEP: both stay. OVERWRITE: the newest of that name keeps its id and gets the new bytes and metadata, its older
 * twins go. FAIL: the new file fails with FILE_ALREADY_EXISTS. TEMPORARY: readable by id, absent from lists, gone later.
 */
export const WRITE_MODES = ['KEEP', 'OVERWRITE', 'FAIL', 'TEMPORARY'] as const;
export type WriteMode = (typeof WRITE_MODES)[number];

export const SESSION_STATUSES = ['OPEN', 'CLOSED', 'EXPIRED'] as const;
export type SessionStatus = (typeof SESSION_STATUSES)[number];

/** What a status of a session means: whether files may still be uploaded to it. */
export const SESSION_STATES: Readonly<Record<SessionStatus, { takesUploads: boolean }>> = {
  OPEN: { takesUploads: true },
  CLOSED: { takesUploads: false },
  EXPIRED: { takesUploads: false },
};

export const INGESTION_STATUSES = ['PENDING', 'FAILED', 'FINISHED'] as const;
export type IngestionStatus = (typeof INGESTION_STATUSES)[number];

/** What a status of a file means: whether it stays so, and which counter of its session counts it. */
export type FileState = { final: boolean; counter: 'finished_files' | 'failed_files' | 'pending_files' };
export const FILE_STATES: Readonly<Record<IngestionStatus, FileState>> = {
  PENDING: { final: false, counter: 'pending_files' },
  FAILED: { final: true, counter: 'failed_files' },
  FINISHED: { final: true, counter: 'finished_files' },
};

/** Why a file failed. The words are in `ingestion_status_message`. */
export const INGESTION_REASONS = [
  'EMPTY_FILE',
  'FILE_NOT_FOUND',
  'FAILED_TO_PARSE_META',
  'FILE_ALREADY_EXISTS',
  'UNKNOWN_ERROR',
] as const;
export type IngestionReason = (typeof INGESTION_REASONS)[number];

/**
 * What the holder of a key may do. ADMIN: everything in the organization. MEMBER: read and write files and sessions of
 * the workspaces it reaches, and manage its own keys. EXTERNAL: read in the workspaces it reaches.
 */
export const ROLES = ['ADMIN', 'MEMBER', 'EXTERNAL'] as const;
export type Role = (typeof ROLES)[number];

/**
 * What a key may do, of what its role admits. sessions:write: open upload sessions, and read and close those it opened.
 * files:read: all that is read in a workspace. files:write: upload, change and delete files one by one or in bulk, and
 * manage keys of its user. admin: workspaces and keys of the organization. None of them implies another.
 */
export const PERMISSIONS = ['sessions:write', 'files:read', 'files:write', 'admin'] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** What a key may do that was given no permissions of its own. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  ADMIN: PERMISSIONS,
  MEMBER: ['sessions:write', 'files:read', 'files:write'],
  EXTERNAL: ['files:read'],
};
