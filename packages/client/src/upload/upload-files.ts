import { ApiError } from '../api-error.ts';
import type { UploadSessions } from '../resources/upload-sessions.ts';
import type { RetryPolicy } from '../retry-timing.ts';
import type { Platform } from './form-transport.ts';
import type { UploadInput, UploadResult } from './input.ts';
import { planUpload } from './plan-upload.ts';
import { trackProgress } from './progress.ts';
import { sendFiles } from './send-files.ts';
import { createSendObject } from './send-object.ts';
import { UploadInterrupted } from './upload-interrupted.ts';
import { sessionRequest, type UploadOptions } from './upload-options.ts';
import { type SessionFileRow, uploadResults } from './upload-results.ts';
import { waitForIngestion } from './wait-for-ingestion.ts';

const CONCURRENCY = 16;
const WAIT_TIMEOUT_MS = 3_600_000;

export type Upload = {
  /** Null where there was nothing to send, so that no session was opened. */
  sessionId: string | null;
  /** Whether the outcome of every file is known: no result is `pending`. */
  settled: boolean;
  /** One for every input but the sidecars that have their file, in the order of the inputs. */
  results: UploadResult[];
  /** Sidecars that the server got without their file. */
  orphanSidecars: string[];
};

export type UploadFiles = (
  workspace: string,
  inputs: readonly UploadInput[],
  options?: UploadOptions,
) => Promise<Upload>;

/**
 * Makes the whole way of an upload: plan, open a session, send, close, wait, read the outcome of every file.
 * What goes wrong with single files is in the results. What ends it all is thrown: ApiError or ConnectionError where
 * no session could be opened, UploadInterrupted from then on.
 */
export const createUploadFiles =
  (uploadSessions: UploadSessions, platform: Platform, retry: RetryPolicy): UploadFiles =>
  async (workspace, inputs, options = {}) => {
    const { signal, concurrency = CONCURRENCY } = options;
    const plan = await planUpload(inputs, platform, signal);
    await options.onPlan?.(plan);
    const orphans = options.orphanSidecars === 'send' ? plan.orphanSidecars : [];
    if (plan.files.length + orphans.length === 0) {
      return asUpload(null, uploadResults(inputs, plan, new Map(), [], true));
    }

    const session = await uploadSessions.create(workspace, sessionRequest(options), { signal });
    const sessionId = session.session_id;
    const transport = platform.createFormTransport(concurrency);
    const progress = trackProgress(plan, options.onProgress);
    try {
      await options.onSession?.(session);
      const send = createSendObject(session.aws_prefixed_request_config, { transport, retry, signal });
      for (const { name, content } of orphans) await send(name, content);
      const outcomes = await sendFiles(plan.files, { send, concurrency, onSent: progress.sent });

      progress.enter('closing');
      await uploadSessions.close(workspace, sessionId, { signal }).catch(allowClosed);
      if (options.wait === false) {
        return asUpload(sessionId, uploadResults(inputs, plan, outcomes, [], false));
      }

      progress.enter('ingesting');
      const { settled, orphanSidecars } = await waitForIngestion({
        getStatus: () => uploadSessions.get(workspace, sessionId, { signal }),
        onStatus: (status) => progress.ingested(status.ingestion_status),
        accepted: progress.now().sent,
        timeoutMs: options.waitTimeoutMs ?? WAIT_TIMEOUT_MS,
        signal,
      });
      const rows: SessionFileRow[] = [];
      for await (const row of uploadSessions.allFiles(workspace, sessionId, {}, { signal })) rows.push(row);
      return asUpload(sessionId, uploadResults(inputs, plan, outcomes, rows, settled), orphanSidecars);
    } catch (error) {
      throw new UploadInterrupted(sessionId, progress.now().phase, error);
    } finally {
      transport.close();
    }
  };

const asUpload = (
  sessionId: string | null,
  results: UploadResult[],
  orphanSidecars: string[] = [],
): Upload => ({
  sessionId,
  settled: results.every(({ status }) => status !== 'pending'),
  results,
  orphanSidecars,
});

/** A session that is closed already is what was wanted: the reply to our close was lost, or it has expired. */
const allowClosed = (error: unknown): void => {
  if (!(error instanceof ApiError && error.code === 'CONFLICT')) throw error;
};
