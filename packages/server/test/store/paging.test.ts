import { pagingTests } from '../../../../testing/contracts/paging-contract.ts';
import { openTemporaryStore } from '../../../../testing/store/open-sqlite-store.ts';

pagingTests(() => openTemporaryStore());
