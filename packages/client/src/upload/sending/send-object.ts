import type { UploadForm } from '@sluice/contract';
import { encodeFileName } from '@sluice/contract/plain';
import { ConnectionError } from '../../http/connection-error.ts';
import { parseRetryAfter, type RetryPolicy } from '../../http/retry-timing.ts';
import { type Attempt, retrying } from '../../http/retrying.ts';
import { LONGEST_TIMER_MS } from '../../pause.ts';
import { type Content, UnreadableContent } from '../planning/content.ts';
import { type AdaptiveLimit, adaptiveLimit, type PostEnd } from './adaptive-limit.ts';
import type { FormTransport } from './form-transport.ts';
import { multipartForm, newBoundary } from './multipart-form.ts';
import { readStoreReply } from './store-verdict.ts';
import { underWay } from './under-way.ts';

export type SendOutcome =
  | { accepted: true }
  | {
      accepted: false;
      reason: 'UPLOAD_FAILED' | 'UNREADABLE';
      message: string;
      /** The store could not be reached, or not be used: it is not about this object. */
      storeIsDown: boolean;
    };

export type SendObject = (name: string, content: Content) => Promise<SendOutcome>;

export type SendSettings = {
  transport: FormTransport;
  retry: RetryPolicy;
  signal: AbortSignal | undefined;
  /** How many posts there are at a time; shared between the sessions of one upload. */
  limit?: AdaptiveLimit;
  /** A connection on which nothing moves for so long is given up. */
  stallTimeoutMs?: number;
  /** Told of large contents while they are sent, as `underWay` says. */
  onBytes?: (bytes: number) => void;
};

/** A store that nothing good has come from for so long is tried no further: five minutes outlast a restart. */
const PATIENCE_MS = 300_000;

/**
 * Sends objects with the form of one session. Resolves to what came of it after all the tries the policy allows;
 * rejects only with the reason of the signal.
 */
export const createSendObject = (
  { url, fields }: UploadForm,
  {
    transport,
    retry,
    signal,
    limit = adaptiveLimit(Number.MAX_SAFE_INTEGER),
    stallTimeoutMs = 60_000,
    onBytes = () => {},
  }: SendSettings,
): SendObject => {
  const form = multipartForm(fields, newBoundary());

  const attempt = async (name: string, content: Content): Promise<Attempt<SendOutcome>> => {
    const sentName = encodeFileName(name);
    const ticket = await limit.enter(signal);
    const moving = underWay(content, onBytes);
    let end: PostEnd = 'otherwise';
    let retryAfter: string | null = null;
    try {
      if (limit.troubledForMs() > PATIENCE_MS) {
        return { failure: new SendFailure(NOT_USABLE, true), mayHelp: false };
      }
      const reply = await transport.post({
        url,
        contentType: form.contentType,
        head: form.head(sentName),
        content: moving.content,
        tail: form.tail,
        timeoutMs: sendTimeoutMs(content.size, stallTimeoutMs),
        idleMs: stallTimeoutMs,
        signal,
      });
      const verdict = readStoreReply(reply, sentName);
      end = verdict.accepted ? 'well' : verdict.mayHelp ? 'in trouble' : 'otherwise';
      if (verdict.accepted) return { done: verdict };
      const failure = new SendFailure(verdict.message, verdict.mayHelp);
      retryAfter = reply.retryAfter;
      return { failure, mayHelp: verdict.mayHelp, retryAfter };
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      end = 'in trouble';
      return { failure: new SendFailure(error.message, true), mayHelp: true };
    } finally {
      moving.end();
      limit.leave(ticket, end, parseRetryAfter(retryAfter, Date.now()));
    }
  };

  return async (name, content) => {
    try {
      return await retrying(retry, () => attempt(name, content), signal);
    } catch (error) {
      if (error instanceof UnreadableContent) {
        return { accepted: false, reason: 'UNREADABLE', message: error.message, storeIsDown: false };
      }
      if (!(error instanceof SendFailure)) throw error;
      const { message, storeIsDown } = error;
      return { accepted: false, reason: 'UPLOAD_FAILED', message, storeIsDown };
    }
  };
};

const NOT_USABLE = `Not sent: the object store has taken nothing for ${PATIENCE_MS / 60_000} minutes.`;

/** As long as a stall may last, a minute for one, and as long as the content takes at 16 KB a second. */
export const sendTimeoutMs = (size: number, stallTimeoutMs = 60_000): number =>
  Math.min(stallTimeoutMs + Math.ceil(size / 16), LONGEST_TIMER_MS);

class SendFailure extends Error {
  readonly storeIsDown: boolean;

  constructor(message: string, storeIsDown: boolean) {
    super(message);
    this.storeIsDown = storeIsDown;
  }
}
