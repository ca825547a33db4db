import { fairTurns } from '../../../../testing/contracts/fair-turns-contract.ts';
import { openTemporaryStore } from '../../../../testing/store/open-sqlite-store.ts';
import { createInProcessQueue, IN_PROCESS_DEFAULTS } from '../../src/jobs/in-process.ts';
import { SILENT } from '../../src/service/silent-observer.ts';

fairTurns('in process', async (t, concurrency) => {
  const store = await openTemporaryStore();
  const jobs = createInProcessQueue(SILENT, { ...IN_PROCESS_DEFAULTS, concurrency });
  t.after(async () => {
    await jobs.stop();
    await store.close();
  });
  return { store, jobs };
});
