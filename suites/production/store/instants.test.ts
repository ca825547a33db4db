import { instantTests } from '../../../testing/contracts/instants-contract.ts';
import { openStore } from './own-database.ts';

instantTests(() => openStore());
