import { startCeph } from './ceph.ts';
import { GO_STORE_NAMES, type GoStoreName, isGoStoreThere, startGoStore } from './go-store.ts';
import type { Store, StoreOptions } from './store.ts';

/** Those that `go install` builds; Ceph comes from Debian's packages and is started only where it is asked for. */
export const USUAL_STORES: StoreName[] = GO_STORE_NAMES;

export type StoreName = (typeof GO_STORE_NAMES)[number] | 'ceph';

export const STORE_NAMES: StoreName[] = [...GO_STORE_NAMES, 'ceph'];

/**
 * The store that starts soonest: one that is built, MinIO before others, since it takes forms as most stores do; else
 * VersityGW, which has half as many packages to compile (589, not 1,301).
 */
export const soonestStore = (isThere: (name: GoStoreName) => boolean = isGoStoreThere): StoreName =>
  (['minio', 'versitygw'] as const).find(isThere) ?? 'versitygw';

export const isStoreName = (name: string): name is StoreName => STORE_NAMES.some((known) => known === name);

/** Starts an S3-compatible store of its own on loopback, installed first if it is not there. Its user may create buckets. */
export const startStore = (name: StoreName, options: StoreOptions = {}): Promise<Store> =>
  name === 'ceph' ? startCeph(options) : startGoStore(name, options);
