import { fileFilterTests } from '../../../../testing/contracts/file-filters-contract.ts';
import { openSqliteFiles } from './open-sqlite-files.ts';

fileFilterTests(openSqliteFiles);
