import { fileNameTests } from '../../../testing/contracts/file-names-contract.ts';
import { openPostgresFiles } from './open-postgres-files.ts';

fileNameTests(openPostgresFiles);
