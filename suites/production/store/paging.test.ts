import { pagingTests } from '../../../testing/contracts/paging-contract.ts';
import { openStore } from './own-database.ts';

pagingTests(() => openStore());
