import { startFormServer } from '../form/form-server.ts';
import { objectStoreContract } from '../object-store-contract.ts';

objectStoreContract('local', async (t) => {
  const { store, clock } = await startFormServer(t);
  return { store, clock, recallsForms: true };
});
