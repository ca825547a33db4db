import { storeTests } from '../../../testing/contracts/store-contract.ts';
import { openStore } from './own-database.ts';

storeTests(() => openStore());
