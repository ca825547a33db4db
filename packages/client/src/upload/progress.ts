import type { PlannedFile, UploadPlan } from './plan-upload.ts';
import type { SendOutcome } from './send-object.ts';

export type UploadPhase = 'sending' | 'closing' | 'ingesting';

/** Numbers are of files, but for the bytes. */
export type UploadProgress = {
  phase: UploadPhase;
  files: number;
  sent: number;
  notSent: number;
  finished: number;
  failed: number;
  bytes: number;
  bytesSent: number;
};

/** Keeps count of an upload and tells after every change. */
export const trackProgress = (
  plan: Pick<UploadPlan, 'files' | 'bytes'>,
  tell: (progress: UploadProgress) => void = () => {},
) => {
  let now: UploadProgress = {
    phase: 'sending',
    files: plan.files.length,
    sent: 0,
    notSent: 0,
    finished: 0,
    failed: 0,
    bytes: plan.bytes,
    bytesSent: 0,
  };
  const change = (news: Partial<UploadProgress>) => {
    now = { ...now, ...news };
    tell(now);
  };
  return {
    now: () => now,
    enter: (phase: UploadPhase) => change({ phase }),
    sent: ({ content, sidecar }: PlannedFile, { accepted }: SendOutcome) => {
      if (!accepted) return change({ notSent: now.notSent + 1 });
      change({ sent: now.sent + 1, bytesSent: now.bytesSent + content.size + (sidecar?.size ?? 0) });
    },
    ingested: (counters: { finished_files: number; failed_files: number }) =>
      change({ finished: counters.finished_files, failed: counters.failed_files }),
  };
};
