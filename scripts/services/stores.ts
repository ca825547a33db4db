import { startCeph } from './ceph.ts';
import { GO_STORE_NAMES, startGoStore } from './go-store.ts';
import type { Store, StoreOptions } from './store.ts';

/** Those that `go install` builds; Ceph comes from Debian's packages and is started only where it is asked for. */
export const USUAL_STORES: StoreName[] = GO_STORE_NAMES;

export type StoreName = (typeof GO_STORE_NAMES)[number] | 'ceph';

export const STORE_NAMES: StoreName[] = [...GO_STORE_NAMES, 'ceph'];

export const isStoreName = (name: string): name is StoreName => STORE_NAMES.some((known) => known === name);

/** Starts an S3-compatible store of its own on loopback, installed first if it is not there. Its user may create buckets. */
export const startStore = (name: StoreName, options: StoreOptions = {}): Promise<Store> =>
  name === 'ceph' ? startCeph(options) : startGoStore(name, options);
