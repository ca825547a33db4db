import { fileFilterTests } from '../../../packages/server/test/store/file-filters-contract.ts';
import { openPostgresFiles } from './open-postgres-files.ts';

fileFilterTests(openPostgresFiles);
