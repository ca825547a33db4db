import type { Clock } from './service/ports/clock.ts';
import type { JobQueue } from './service/ports/jobs.ts';
import type { ObjectStore, UploadForms } from './service/ports/objects.ts';
import type { Store } from './service/ports/store.ts';
import type { Observer } from './service/ports/telling.ts';
import type { Config } from './settings/config.ts';
import type { Intake } from './uploads/intake.ts';
import type { CheckName } from './uploads/post-policy/key-length.ts';
import type { VerifyForm } from './uploads/post-policy/verify-form.ts';

/** What the service runs on, opened and ready to use. */
export type Adapters = {
  store: Store;
  objects: ObjectStore;
  jobs: JobQueue;
  /** Files that are ingested in one transaction. */
  batchSize: number;
  forms: UploadForms;
  /** Takes the uploads that clients send to this process; null where they go straight to the object store. */
  endpoint: { intake: Intake; verifyForm: VerifyForm; checkName: CheckName } | null;
  /** Where the first key is kept for the operator; null: it is only shown. */
  firstKey: { path: string; keep: (key: string) => Promise<void> } | null;
  /** Tries what wrong settings break, and says in sentences what is wrong. Never rejects. */
  examine: (signal: AbortSignal) => Promise<string[]>;
  /** Closes all but the queue, which is stopped first. */
  close: () => Promise<void>;
};

/** What adapters need from the process they are in. */
export type AdapterContext = {
  clock: Clock;
  observer: Observer;
  /** Tells the operator of something that was put right, or ought to be. */
  warn: (details: object, message: string) => void;
  limits: Config['limits'];
  jobConcurrency: number;
  /** Whether this process works through jobs. */
  works: boolean;
  /** What clients reach this process by; known once it listens. */
  publicUrl: () => string;
};
