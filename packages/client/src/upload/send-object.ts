import { encodeFileName, type UploadForm } from '@sluice/contract';
import { ConnectionError } from '../connection-error.ts';
import type { RetryPolicy } from '../retry-timing.ts';
import { type Attempt, retrying } from '../retrying.ts';
import { type Content, UnreadableContent } from './content.ts';
import type { FormTransport } from './form-transport.ts';
import { multipartForm, newBoundary } from './multipart-form.ts';
import { readStoreReply } from './store-verdict.ts';

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
  }: { transport: FormTransport; retry: RetryPolicy; signal: AbortSignal | undefined },
): SendObject => {
  const form = multipartForm(fields, newBoundary());

  const attempt = async (name: string, content: Content): Promise<Attempt<SendOutcome>> => {
    try {
      const reply = await transport.post({
        url,
        contentType: form.contentType,
        head: form.head(encodeFileName(name)),
        content,
        tail: form.tail,
        timeoutMs: sendTimeoutMs(content.size),
        signal,
      });
      const verdict = readStoreReply(reply);
      if (verdict.accepted) return { done: verdict };
      const failure = new SendFailure(verdict.message, verdict.mayHelp);
      return { failure, mayHelp: verdict.mayHelp, retryAfter: reply.retryAfter };
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      return { failure: new SendFailure(error.message, true), mayHelp: true };
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

/** A minute, and as long as the content takes at 16 KB a second. */
export const sendTimeoutMs = (size: number): number => 60_000 + Math.ceil(size / 16);

class SendFailure extends Error {
  readonly storeIsDown: boolean;

  constructor(message: string, storeIsDown: boolean) {
    super(message);
    this.storeIsDown = storeIsDown;
  }
}
