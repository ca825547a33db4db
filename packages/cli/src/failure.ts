import { ApiError, ArgumentError, ConnectionError, UploadInterrupted } from '@sluice/client/node';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { UsageError } from './usage-error.ts';

/** The user asked for the end, by a key and not by a signal. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

export type Failure = { sentence: string; exitCode: ExitCode };

/**
 * What to say about an error that ended a command, and how to end.
 * @param interrupted whether the user asked for the end; whatever was thrown then is only its consequence
 */
export const failureOf = (error: unknown, interrupted: boolean): Failure => {
  if (error instanceof UploadInterrupted) {
    const { sentence, exitCode } = failureOf(error.cause, interrupted);
    const phase = error.phase === 'ingesting' ? 'waiting for ingestion' : error.phase;
    return { sentence: interrupted ? `Interrupted while ${phase}.` : sentence, exitCode };
  }
  if (interrupted || error instanceof Interrupted)
    return { sentence: 'Interrupted.', exitCode: EXIT.interrupted };
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return { sentence: 'It took longer than --timeout-s allows.', exitCode: EXIT.unreachable };
  }
  if (error instanceof UsageError || error instanceof ArgumentError)
    return { sentence: error.message, exitCode: EXIT.usage };
  if (error instanceof ConnectionError) return { sentence: error.message, exitCode: EXIT.unreachable };
  if (error instanceof ApiError) {
    const { status, code } = error;
    const detail = titleOf(error.detail);
    const hint = HINTS[status] === undefined ? '' : ` ${HINTS[status]}`;
    return {
      sentence: `${detail.replace(/\.$/, '')} (${status}).${hint}`,
      exitCode: code !== 'QUERY_TOO_DEAR' && isPassing(status) ? EXIT.unreachable : EXIT.refused,
    };
  }
  const said = error instanceof Error ? error.message : String(error);
  return { sentence: /[.!?]$/.test(said) ? said : `${said}.`, exitCode: EXIT.someFailed };
};

/** Proxies and other services answer with pages. */
const titleOf = (detail: string): string => {
  if (!/^\s*<(!doctype|html|head|\?xml)/i.test(detail)) return detail;
  const title = /<title>\s*([^<]*?)\s*</i.exec(detail)?.[1];
  return title ? `A page answers: ${title}` : 'A page answers, not the API';
};

/** They speak of the moment: tried again by the client, and still the same. */
const isPassing = (status: number): boolean => status >= 500 || status === 408 || status === 429;

const HINTS: Record<number, string> = {
  401: 'Does the API key belong to this server? `sluice login` stores another.',
  406: '`sluice sessions list` shows which are open, `sluice sessions close` ends one.',
};
