import { fileListTests } from '../../../packages/server/test/store/file-lists-contract.ts';
import { openPostgresFiles } from './open-postgres-files.ts';

fileListTests(openPostgresFiles);
