import { DomainError } from '../../domain/errors.ts';
import { codeOf } from '../../domain/failures/connection-cause.ts';
import { Outage } from '../../domain/failures/outage.ts';

/** SQLSTATEs that speak of the server, its connections or its resources, not of the statement. */
const OUTAGE = /^(08...|53...|57P0[1-5]|57014|58...|55P03|25P0[34]|25006|40001|40P01|XX00[012])$/;

/** Those of the system, under a connection. */
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);

/** What the driver says without a code. */
const DRIVER =
  /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Client was closed|Cannot use a pool after)/;

/** Whether two transactions stood in each other's way: what was done can be done again. */
export const isConflict = (error: unknown): boolean => {
  const code = codeOf(error instanceof DomainError ? error.cause : error);
  return code === '40001' || code === '40P01';
};

/** Whether PostgreSQL ended a statement for the time it took. */
export const isTimeOver = (error: unknown): boolean =>
  codeOf(error instanceof DomainError ? error.cause : error) === '57014';

/** Whether the connection is of no use any more. */
export const isConnectionLoss = (error: unknown): boolean => {
  const code = codeOf(error);
  if (code === undefined) return error instanceof Error && DRIVER.test(error.message);
  return NETWORK.has(code) || /^(08...|57P0[1-5]|25P0[34])$/.test(code);
};

/** An error of the driver as the service knows it: STORAGE_UNAVAILABLE where the database cannot be used now. */
export const translated = (error: unknown): unknown => {
  const code = codeOf(error);
  if (!isConnectionLoss(error) && !(code !== undefined && OUTAGE.test(code))) return error;
  return unusable(error);
};

/** Where there is not even a connection, the statement cannot be to blame. */
export const unusable = (cause: unknown): Outage =>
  new Outage(
    'database',
    'The database cannot be used now. Try again later.',
    cause,
    isTimeout(cause) ? 'timeout' : 'database',
  );

/** Of a statement, a lock or a connection that was waited for in vain. */
const isTimeout = (error: unknown): boolean =>
  /^(57014|55P03|ETIMEDOUT)$/.test(codeOf(error) ?? '') ||
  (error instanceof Error && /time(d ?)?out/.test(error.message));
