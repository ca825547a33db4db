import { indexRenewalTests } from '../../../../../testing/contracts/index-renewal-contract.ts';
import { openSqliteFiles } from '../open-sqlite-files.ts';

indexRenewalTests(openSqliteFiles);
