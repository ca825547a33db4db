import { storeTests } from '../../../packages/server/test/store/store-contract.ts';
import { openStore } from './own-database.ts';

storeTests(() => openStore());
