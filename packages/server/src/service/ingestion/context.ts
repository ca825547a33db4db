import type { ServiceContext } from '../context.ts';

/** What ingestion works with; each of its steps says which of it. */
export type IngestionContext = Pick<
  ServiceContext,
  'store' | 'objects' | 'jobs' | 'clock' | 'observer' | 'putFiles' | 'batchSize' | 'maxFilesPerSession'
>;
