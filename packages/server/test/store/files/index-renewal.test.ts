import { indexRenewalTests } from '../index-renewal-contract.ts';
import { openSqliteFiles } from '../open-sqlite-files.ts';

indexRenewalTests(openSqliteFiles);
