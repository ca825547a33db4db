import { objectStoreContract } from '../../../testing/contracts/object-store-contract.ts';
import { openStore, storesAndRoads } from './open-store.ts';

for (const { service, road } of storesAndRoads()) {
  objectStoreContract(`${service.name}, ${road}`, async (t) => {
    const { store, clock } = await openStore(t, service, { road });
    return { store, clock, recallsForms: false, keysArePaths: true };
  });
}
