/**
 * A transfer that kills itself (SIGKILL) when a phase has come so far. Run as a process of its own by
 * `transfer.test.ts`, with the settings of the target in its environment.
 */
import { openTransferSource } from '../../../packages/server/src/commands/transfer/open-source.ts';
import { createS3ObjectStore } from '../../../packages/server/src/objects/s3/store.ts';
import { transfer } from '../../../packages/server/src/service/transfer/transfer.ts';
import { readConfig } from '../../../packages/server/src/settings/config.ts';
import { openPostgresStore } from '../../../packages/server/src/store/postgres/store.ts';
import { systemClock } from '../../../packages/server/src/system-clock.ts';

const [directory = '', fatalPhase = '', fatalCount = ''] = process.argv.slice(2);
const result = readConfig(process.env);
if ('problems' in result) throw new Error(result.problems.join('; '));
const { storage } = result.config;
if (storage.kind !== 'production') throw new Error('there is no target');

let phase = '';
let count = 0;
await transfer({
  source: await openTransferSource(directory),
  target: {
    store: await openPostgresStore(storage.database),
    objects: createS3ObjectStore({
      ...storage.s3,
      bucket: storage.bucket,
      clock: systemClock(),
    }),
  },
  clock: systemClock(),
  concurrency: storage.s3.concurrency,
  progress: {
    begin: (name) => {
      phase = name;
      count = 0;
    },
    add: (more) => {
      count += more;
      if (phase === fatalPhase && count >= Number(fatalCount)) process.kill(process.pid, 'SIGKILL');
    },
  },
});
console.log('survived');
process.exit();
