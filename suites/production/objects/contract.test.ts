import { objectStoreContract } from '../../../testing/contracts/object-store-contract.ts';
import { openStore, storesAndRoads } from './open-store.ts';

for (const { service, road } of storesAndRoads()) {
  objectStoreContract(`${service.name}, ${road}`, async (t) => {
    const { store, forms, clock } = await openStore(t, service, { road });
    return { store, forms, clock, recallsForms: false, keysArePaths: true };
  });
}
