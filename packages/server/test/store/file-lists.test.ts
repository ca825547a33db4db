import { fileListTests } from '../../../../testing/contracts/file-lists-contract.ts';
import { openSqliteFiles } from './open-sqlite-files.ts';

fileListTests(openSqliteFiles);
