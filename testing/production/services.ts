import type { TestServices } from '../services/stack.ts';

/**
 * The real services that the suites of this folder run on.
 * @throws where there are none: a suite that is asked for never passes by doing nothing
 */
export const services = (): TestServices => {
  const text = process.env.SLUICE_TEST_SERVICES;
  if (!text) {
    throw new Error(
      'SLUICE_TEST_SERVICES is not set. Start the services and the tests with: npm run services -- run node --test suites/production/...',
    );
  }
  const found = JSON.parse(text) as Partial<TestServices>;
  if (!found.stores?.length) throw new Error('SLUICE_TEST_SERVICES names no store');
  return { postgres: found.postgres ?? '', stores: found.stores };
};
