import { fileWriterTests } from '../../../packages/server/test/store/file-writer-contract.ts';
import { openPostgresFiles } from './open-postgres-files.ts';

fileWriterTests(openPostgresFiles);
