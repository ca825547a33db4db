import { openTemporaryStore } from '../open-sqlite-store.ts';
import { storeTests } from '../store-contract.ts';

storeTests(() => openTemporaryStore());
