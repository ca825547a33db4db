import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from '../../api.ts';

/** Asks for a page of files again and again while `work` goes on. Resolves to how long each answer took, in ms. */
export const watchLatency = async (
  { api }: { api: Api },
  work: () => Promise<unknown>,
): Promise<number[]> => {
  const taken: number[] = [];
  let over = false;
  const asking = (async () => {
    while (!over) {
      const from = performance.now();
      await api.files({ limit: '10' });
      taken.push(performance.now() - from);
      await sleep(50);
    }
  })();
  try {
    await work();
  } finally {
    over = true;
  }
  await asking;
  return taken;
};
