import { indexRenewalTests } from '../../../packages/server/test/store/index-renewal-contract.ts';
import { openPostgresFiles } from './open-postgres-files.ts';

indexRenewalTests(openPostgresFiles);
