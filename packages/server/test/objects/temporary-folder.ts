import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** A folder that goes with the test. */
export const temporaryFolder = async (t: TestContext): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-objects-'));
  t.after(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
};
