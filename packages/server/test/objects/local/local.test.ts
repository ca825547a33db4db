import { objectStoreContract } from '../../../../../testing/contracts/object-store-contract.ts';
import { startFormServer } from '../../uploads/form/form-server.ts';

objectStoreContract('local', async (t) => {
  const { store, forms, clock } = await startFormServer(t);
  return { store, forms, clock, recallsForms: true };
});
