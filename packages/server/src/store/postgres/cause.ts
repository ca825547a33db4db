import { codeOf, connectionCause } from '../../domain/failures/connection-cause.ts';
import type { Cause, Look } from '../../domain/failures/outage.ts';

type Known = { why: string; look: readonly Look[] };

const FULL: Known = { why: 'the disk or the memory of the server is full', look: [] };
const STOPPING: Known = { why: 'the server is being stopped', look: [] };

/** By SQLSTATE. */
const KNOWN: Record<string, Known> = {
  '28P01': { why: 'the password is not that of the user', look: ['password', 'user'] },
  '28000': {
    why: 'the server does not let this user in from here (pg_hba.conf), or not without TLS',
    look: ['user', 'tls'],
  },
  '3D000': { why: 'there is no database of that name', look: ['name'] },
  '53300': {
    why: 'it has no connection left; lower SLUICE_DATABASE_POOL or raise max_connections',
    look: [],
  },
  '42501': { why: 'the user may not do this there', look: ['user', 'name'] },
  '25006': { why: 'it is read-only, as a standby is', look: ['address', 'name'] },
  '55000': { why: 'it takes no connections', look: ['name'] },
  '57P03': { why: 'the server is starting or stopping', look: [] },
  '57P01': STOPPING,
  '57P02': STOPPING,
  '57014': { why: 'a statement took longer than SLUICE_DATABASE_STATEMENT_SECONDS', look: [] },
  '53100': FULL,
  '53200': FULL,
  '42704': { why: 'it does not know a parameter of the URL', look: ['address'] },
};

/** What the driver says without a code. */
const DRIVER: readonly [RegExp, code: string, Known][] = [
  [/SSL/, 'no TLS', { why: 'the server speaks no TLS, which sslmode asks for', look: ['tls'] }],
  [/^SASL: .*password/, 'no password', { why: 'the server asks for a password', look: ['password'] }],
  [/timeout/i, 'timeout', { why: 'it does not answer', look: ['address'] }],
  [/terminated/, 'hung up', { why: 'it hung up; is it PostgreSQL?', look: ['address'] }],
];

/** Why a database cannot be used, from an error of the driver or of the server. */
export const databaseCause = (error: unknown): Cause => {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (code === undefined) {
    const [, told, known] = DRIVER.find(([pattern]) => pattern.test(message)) ?? [];
    return known ? { ...known, code: told as string } : { why: message, look: [], code: 'no code' };
  }
  const known = KNOWN[code];
  // A code of the system that is no SQLSTATE: of a file that the URL names, for one.
  const look: readonly Look[] = isServerError(error) ? [] : ['address'];
  return connectionCause(code) ?? (known ? { ...known, code } : { why: message, look, code });
};

/** Whether an error is one of the server, told by its SQLSTATE. */
export const isServerError = (error: unknown): boolean =>
  error instanceof Error && 'severity' in error && 'code' in error;
