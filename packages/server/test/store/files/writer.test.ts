import { fileWriterTests } from '../../../../../testing/contracts/file-writer-contract.ts';
import { openSqliteFiles } from '../open-sqlite-files.ts';

fileWriterTests(openSqliteFiles);
