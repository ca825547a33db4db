import { needNumber, refuseUnset } from '../argument-error.ts';
import type { RetryPolicy } from '../http/retry-timing.ts';
import { plain } from '../options.ts';
import type { UploadSessions } from '../resources/upload-sessions.ts';
import { awaitOutcome, type UsedSession } from './await-outcome.ts';
import { closeSession } from './close-session.ts';
import { checkedResume, type Earlier, finishedEarlier, readEarlierSessions } from './earlier-upload.ts';
import type { UploadResult } from './planning/input.ts';
import { planUpload } from './planning/plan-upload.ts';
import { inputsOf, type UploadSources } from './planning/sources.ts';
import { trackProgress, type UploadPhase } from './progress.ts';
import { sendThroughSessions } from './send-through-sessions.ts';
import { adaptiveLimit } from './sending/adaptive-limit.ts';
import type { Platform } from './sending/form-transport.ts';
import type { SendOutcome } from './sending/send-object.ts';
import { UploadInterrupted } from './upload-interrupted.ts';
import { needUploadOptions, type UploadOptions } from './upload-options.ts';
import { type Outcomes, uploadResults } from './upload-results.ts';

const CONCURRENCY = 16;
const WAIT_TIMEOUT_MS = 3_600_000;

/** How long closing a session may take once the upload has been interrupted. */
const LAST_CLOSE_MS = 15_000;

export type Upload = {
  /** The last session that was used; null where there was nothing to send, so that none was opened. */
  sessionId: string | null;
  /** Every session that was used, in order: one, unless there were too many files for it, or an earlier one. */
  sessionIds: string[];
  /** Whether the outcome of every file is known: no result is `pending`. */
  settled: boolean;
  /** One for every input but the sidecars that have their file, in the order of the inputs. */
  results: UploadResult[];
  /** Sidecars that the server got without their file. */
  orphanSidecars: string[];
};

export type UploadFiles = (
  workspace: string,
  sources: UploadSources,
  options?: UploadOptions,
) => Promise<Upload>;

export type UploadTools = {
  uploadSessions: UploadSessions;
  platform: Platform;
  retry: RetryPolicy;
  stallTimeoutMs: number;
};

/**
 * Makes the whole way of an upload: plan, open a session, send, close, wait, read the outcome of every file.
 * What goes wrong with single files is in the results. What ends it all is thrown: ApiError or ConnectionError where
 * no session could be opened, UploadInterrupted from then on.
 */
export const createUploadFiles =
  ({ uploadSessions, platform, retry, stallTimeoutMs }: UploadTools): UploadFiles =>
  async (workspace, sources, options = {}) => {
    const { signal, concurrency = CONCURRENCY } = plain(options);
    refuseUnset(options, ['writeMode', 'expiresInSeconds']);
    needNumber(concurrency, 1, 'concurrency');
    const waitTimeoutMs = needNumber(options.waitTimeoutMs ?? WAIT_TIMEOUT_MS, 0, 'waitTimeoutMs');
    const resume = checkedResume(options);
    needUploadOptions(options);
    const plan = await planUpload(await inputsOf(sources, signal), platform, options);
    await options.onPlan?.(plan);

    const sent = new Map<number, SendOutcome>();
    const sessions: UsedSession[] = [];
    const earlier: Earlier = { finished: finishedEarlier(resume, plan), inSession: new Set() };
    const resultsOf = (known: Pick<Outcomes, 'rows' | 'earlierRows' | 'settled'>) =>
      uploadResults(plan, { sent, ...earlier, ...known });
    const asUpload = (results: UploadResult[], orphanSidecars: string[] = []): Upload => ({
      sessionId: sessions.at(-1)?.sessionId ?? null,
      sessionIds: sessions.map(({ sessionId }) => sessionId),
      settled: results.every(({ status }) => status !== 'pending'),
      results,
      orphanSidecars,
    });

    let phase: UploadPhase = 'ingesting'; // of the earlier sessions
    const transport = platform.createFormTransport(concurrency);
    try {
      earlier.inSession = await readEarlierSessions(resume, {
        uploadSessions,
        workspace,
        plan,
        waitTimeoutMs,
        sessions,
        signal,
      });
      const files = plan.files.filter(({ input }) => {
        if (earlier.finished.has(input)) return false;
        if (earlier.inSession.has(input)) sent.set(input, { accepted: true });
        return !earlier.inSession.has(input);
      });
      const progress = trackProgress({ files, alreadyThere: plan.files.length - files.length }, (news) => {
        phase = news.phase;
        options.onProgress?.(news);
      });
      phase = progress.now().phase;
      const last = sessions.at(-1);
      await sendThroughSessions({
        uploadSessions,
        workspace,
        files,
        sessions,
        options,
        concurrency,
        first: last && !last.earlier && resume.form ? { session: last, form: resume.form } : null,
        orphanSidecars: options.orphanSidecars === 'send' ? plan.orphanSidecars : [],
        settings: {
          transport,
          retry,
          signal,
          stallTimeoutMs,
          limit: adaptiveLimit(concurrency),
          onBytes: progress.moving,
        },
        onSending: () => progress.enter('sending'),
        onClosing: () => progress.enter('closing'),
        onSent: (file, outcome) => {
          sent.set(file.input, outcome);
          progress.sent(file, outcome);
        },
      });
      if (sessions.length === 0) return asUpload(resultsOf({ rows: new Map(), settled: true }));
      if (options.wait === false) return asUpload(resultsOf({ rows: new Map(), settled: false }));

      progress.enter('ingesting');
      const { orphanSidecars, ...outcome } = await awaitOutcome(sessions, {
        uploadSessions,
        workspace,
        signal,
        timeoutMs: waitTimeoutMs,
        onCounters: progress.ingested,
      });
      return asUpload(resultsOf(outcome), orphanSidecars);
    } catch (error) {
      const last = sessions.at(-1);
      if (last === undefined) throw error;
      if (options.whenInterrupted === 'close' && last.status === 'OPEN') {
        const soon = { signal: AbortSignal.timeout(LAST_CLOSE_MS) };
        await closeSession(uploadSessions, workspace, last, soon).catch(() => {}); // the state tells
      }
      throw new UploadInterrupted(last.sessionId, phase, error, {
        sessionIds: sessions.map(({ sessionId }) => sessionId),
        sessionStatus: last.status,
        results: resultsOf({ rows: new Map(), settled: false }),
      });
    } finally {
      transport.close();
    }
  };
