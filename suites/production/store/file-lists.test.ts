import { fileListTests } from '../../../testing/contracts/file-lists-contract.ts';
import { openPostgresFiles } from './open-postgres-files.ts';

fileListTests(openPostgresFiles);
