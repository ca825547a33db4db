import { fileWriterTests } from '../../../testing/contracts/file-writer-contract.ts';
import { openPostgresFiles } from './open-postgres-files.ts';

fileWriterTests(openPostgresFiles);
