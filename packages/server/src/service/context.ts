import type { Limits } from '../domain/limits.ts';
import type { Clock, NewId } from './ports/clock.ts';
import type { JobQueue } from './ports/jobs.ts';
import type { ObjectStore, UploadForms } from './ports/objects.ts';
import type { Store } from './ports/store.ts';
import type { Observer } from './ports/telling.ts';
import type { PutFiles } from './put-files.ts';

/** What use cases work with, made once by the composition root. Each says which of it it needs: `Pick<ServiceContext, …>`. */
export type ServiceContext = {
  store: Store;
  objects: ObjectStore;
  forms: UploadForms;
  jobs: JobQueue;
  clock: Clock;
  newId: NewId;
  observer: Observer;
  putFiles: PutFiles;
  /** Files that go into the workspace in one transaction: few transactions, and none that keeps others waiting long. */
  batchSize: number;
} & Limits;
