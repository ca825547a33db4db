import { objectStoreContract } from '../../../../../testing/contracts/object-store-contract.ts';
import { startFormServer } from '../form/form-server.ts';

objectStoreContract('local', async (t) => {
  const { store, clock } = await startFormServer(t);
  return { store, clock, recallsForms: true };
});
