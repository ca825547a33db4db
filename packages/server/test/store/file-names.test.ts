import { fileNameTests } from '../../../../testing/contracts/file-names-contract.ts';
import { openSqliteFiles } from './open-sqlite-files.ts';

fileNameTests(openSqliteFiles);
