// The suite of the official Python SDK on a production server, once for each store:
//   npm run services -- run node suites/production/official-sdk.ts
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { freshProductionSettings } from '../../packages/server/test/production-services.ts';
import { services } from './services.ts';

const SUITE = join(import.meta.dirname, '..', 'official-sdk', 'run.ts');

for (const { name } of services().stores) {
  console.log(`\n=== the official Python SDK on PostgreSQL and ${name}`);
  const settings = await freshProductionSettings(services(), name);
  const env = Object.entries(settings).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  const { status } = spawnSync(process.execPath, [SUITE, ...env], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
