import { Gauge } from 'prom-client';
import type { Metrics } from './routes/metrics.ts';
import { sharedLook } from './shared-look.ts';

/**
 * Whether what the process stands on can be used, each part by itself.
 * @param parts a look at each, which rejects where it cannot be used
 * @param patience milliseconds that each gets to answer
 */
export const gaugeHealth = (
  { registry }: Metrics,
  parts: Record<string, () => Promise<unknown>>,
  patience?: number,
): void => {
  const looks = Object.entries(parts).map(([part, look]) => {
    return { part, isUsable: sharedLook(() => look().then(() => true), patience) };
  });
  new Gauge({
    name: 'sluice_healthy',
    help: 'Whether a part that the process stands on can be used: 1 or 0. All of them together are what /health says.',
    labelNames: ['part'] as const,
    registers: [registry],
    async collect() {
      const found = await Promise.all(looks.map(({ isUsable }) => isUsable()));
      for (const [at, { part }] of looks.entries()) this.set({ part }, found[at] === true ? 1 : 0);
    },
  });
};
