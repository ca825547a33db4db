import { openSqliteStore } from '../../src/store/store.ts';
import { storeTests } from './store-contract.ts';

storeTests(() => openSqliteStore(':memory:'));
