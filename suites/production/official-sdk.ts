// The suite of the official Python SDK on a production server, on every store, or on those named:
//   npm run services -- run node suites/production/official-sdk.ts [minio] [versitygw]
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { freshProductionSettings } from '../../testing/production/production-services.ts';
import { services } from '../../testing/production/services.ts';

const SLUICED = join(import.meta.dirname, '..', '..', 'packages', 'server', 'src', 'main.ts');
const SUITE = join(import.meta.dirname, '..', 'official-sdk', 'run.ts');

const wanted = process.argv.slice(2);
for (const { name } of services().stores) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n=== the official Python SDK on PostgreSQL and ${name}`);
  const settings = {
    ...(await freshProductionSettings(services(), name)),
    // The SDK's own integration test looks for "-user-files-upload.s3.amazonaws.com/" in the form's URL.
    SLUICE_BUCKET: `sdk-${randomBytes(4).toString('hex')}-user-files-upload.s3.amazonaws.com`,
  };
  const made = spawnSync(process.execPath, [SLUICED, 'bucket', 'setup'], { env: settings, stdio: 'inherit' });
  if (made.status !== 0) process.exit(1);
  const env = Object.entries(settings).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  const { status } = spawnSync(process.execPath, [SUITE, ...env], {
    stdio: 'inherit',
    env: {
      ...process.env,
      UPLOADS_GO_TO_A_BUCKET: '1',
      ...(name === 'versitygw' && { STORE_TELLS_SECONDS: '1' }),
    },
  });
  if (status !== 0) process.exit(1);
}
