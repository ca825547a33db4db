import { fileNameTests } from '../../../packages/server/test/store/file-names-contract.ts';
import { openPostgresFiles } from './open-postgres-files.ts';

fileNameTests(openPostgresFiles);
