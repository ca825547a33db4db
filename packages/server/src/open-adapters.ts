import type { AdapterContext, Adapters } from './adapters.ts';
import { openEmbedded } from './embedded.ts';
import type { StorageConfig } from './settings/storage-config.ts';

/** What production runs on is loaded where it is wanted: an embedded server starts in half the time without it. */
export const openAdapters = async (storage: StorageConfig, context: AdapterContext): Promise<Adapters> => {
  if (storage.kind === 'embedded') return openEmbedded(storage, context);
  const { openProduction } = await import('./production.ts');
  return openProduction(storage, context);
};
