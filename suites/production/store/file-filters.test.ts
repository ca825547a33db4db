import { fileFilterTests } from '../../../testing/contracts/file-filters-contract.ts';
import { openPostgresFiles } from './open-postgres-files.ts';

fileFilterTests(openPostgresFiles);
