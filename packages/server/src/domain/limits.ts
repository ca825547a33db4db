/** What can be limited by a setting: each keeps this name from `SLUICE_…` to where it is looked at. */
export type Limits = {
  /** Open upload sessions of one user. */
  maxOpenSessions: number;
  /** Files of one session, and as many sidecars. */
  maxFilesPerSession: number;
  /** Workspaces of one organization. */
  maxWorkspaces: number;
  /** Bytes of a file that is uploaded without a session. */
  maxDirectFileBytes: number;
  /** Bytes of a file in a session. */
  maxSessionFileBytes: number;
  /** Microseconds a TEMPORARY file stays. */
  temporaryFor: number;
  /** Milliseconds that one look at the rows may take, for a list or a total. */
  queryMs: number;
};
