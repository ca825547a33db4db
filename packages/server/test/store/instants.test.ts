import { instantTests } from '../../../../testing/contracts/instants-contract.ts';
import { openTemporaryStore } from '../../../../testing/store/open-sqlite-store.ts';

instantTests(() => openTemporaryStore());
