import type { PlannedFile } from './planning/plan-upload.ts';
import type { SendOutcome } from './sending/send-object.ts';
import type { IngestionCounters } from './wait-for-ingestion.ts';

export type UploadPhase = 'sending' | 'closing' | 'ingesting';

/** Numbers are of files, but for the bytes. */
export type UploadProgress = {
  phase: UploadPhase;
  /** To be sent. */
  files: number;
  /** Not to be sent, since an earlier run has sent them. */
  alreadyThere: number;
  sent: number;
  notSent: number;
  finished: number;
  failed: number;
  bytes: number;
  /** Of a large file also while it is sent, where the platform can tell; less again if it has to be sent anew. */
  bytesSent: number;
};

/** Keeps count of an upload and tells after every change. */
export const trackProgress = (
  { files, alreadyThere }: { files: readonly PlannedFile[]; alreadyThere: number },
  tell: (progress: UploadProgress) => void = () => {},
) => {
  let now: UploadProgress = {
    phase: 'sending',
    files: files.length,
    alreadyThere,
    sent: 0,
    notSent: 0,
    finished: 0,
    failed: 0,
    bytes: files.reduce((bytes, file) => bytes + bytesOf(file), 0),
    bytesSent: 0,
  };
  const change = (news: Partial<UploadProgress>) => {
    now = { ...now, ...news };
    tell(now);
  };
  return {
    now: () => now,
    enter: (phase: UploadPhase) => {
      if (phase !== now.phase) change({ phase });
    },
    /** @param bytes of a file that is not sent yet; negative ones, taking earlier ones back, are told with what is next */
    moving: (bytes: number) => {
      const bytesSent = now.bytesSent + bytes;
      if (bytes > 0) change({ bytesSent });
      else now = { ...now, bytesSent };
    },
    sent: (file: PlannedFile, { accepted }: SendOutcome) => {
      if (!accepted) return change({ notSent: now.notSent + 1 });
      change({ sent: now.sent + 1, bytesSent: now.bytesSent + bytesOf(file) });
    },
    ingested: (counters: IngestionCounters) =>
      change({ finished: counters.finished_files, failed: counters.failed_files }),
  };
};

const bytesOf = ({ content, sidecar }: PlannedFile): number => content.size + (sidecar?.size ?? 0);
