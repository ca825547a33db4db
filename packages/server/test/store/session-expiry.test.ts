import { sessionExpiryTests } from '../../../../testing/contracts/session-expiry-contract.ts';
import { openTemporaryStore } from '../../../../testing/store/open-sqlite-store.ts';

sessionExpiryTests(() => openTemporaryStore());
