import { fileListTests } from './file-lists-contract.ts';
import { openSqliteFiles } from './open-sqlite-files.ts';

fileListTests(openSqliteFiles);
