import { sessionExpiryTests } from '../../../testing/contracts/session-expiry-contract.ts';
import { openStore } from './own-database.ts';

sessionExpiryTests(() => openStore());
