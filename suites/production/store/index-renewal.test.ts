import { indexRenewalTests } from '../../../testing/contracts/index-renewal-contract.ts';
import { openPostgresFiles } from './open-postgres-files.ts';

indexRenewalTests(openPostgresFiles);
