import type { Clock } from '../ports/clock.ts';
import type { JobQueue } from '../ports/jobs.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { Store } from '../ports/store.ts';
import type { Observer } from '../ports/telling.ts';
import type { PutFiles } from '../put-files.ts';

/** What ingestion works with; each of its steps says which of it. */
export type IngestionContext = {
  store: Store;
  objects: ObjectStore;
  jobs: JobQueue;
  clock: Clock;
  observer: Observer;
  putFiles: PutFiles;
  /** Files that go into the workspace in one transaction: few transactions, and none that keeps others waiting long. */
  batchSize: number;
  maxFilesPerSession: number;
};
