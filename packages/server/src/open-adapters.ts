import type { AdapterContext, Adapters } from './adapters.ts';
import { openEmbedded } from './embedded.ts';
import { openProduction } from './production.ts';
import type { StorageConfig } from './storage-config.ts';

export const openAdapters = (storage: StorageConfig, context: AdapterContext): Promise<Adapters> =>
  storage.kind === 'embedded' ? openEmbedded(storage, context) : openProduction(storage, context);
