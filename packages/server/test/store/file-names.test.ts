import { fileNameTests } from './file-names-contract.ts';
import { openSqliteFiles } from './open-sqlite-files.ts';

fileNameTests(openSqliteFiles);
