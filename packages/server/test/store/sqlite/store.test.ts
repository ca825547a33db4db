import { storeTests } from '../../../../../testing/contracts/store-contract.ts';
import { openTemporaryStore } from '../../../../../testing/store/open-sqlite-store.ts';

storeTests(() => openTemporaryStore());
