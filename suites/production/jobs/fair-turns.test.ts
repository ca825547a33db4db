import { createPgBossQueue } from '../../../packages/server/src/jobs/pg-boss.ts';
import { SILENT } from '../../../packages/server/src/service/silent-observer.ts';
import { fairTurns } from '../../../testing/contracts/fair-turns-contract.ts';
import { createDatabase } from '../store/create-database.ts';
import { openStore } from '../store/own-database.ts';

fairTurns('pg-boss', async (t, concurrency) => {
  const { options, drop } = await createDatabase();
  const store = await openStore(options);
  const jobs = await createPgBossQueue({ url: options.url, observer: SILENT, works: true, concurrency });
  t.after(async () => {
    await jobs.stop();
    await store.close();
    await drop();
  });
  return { store, jobs };
});
