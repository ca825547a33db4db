import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sidecarNameOf } from '@sluice/contract';
import { below, pick, randomText, seededRandom } from '../../../testing/rows/random.ts';

export type Expected = { size: number; meta: Record<string, unknown> };

const TOPICS = ['contracts', 'invoices', 'minutes', 'research', 'support'];
const LANGUAGES = ['de', 'en', 'es', 'fr', 'it'];

/** Files of 1 to 8 KiB of text, each with a sidecar of five keys. Resolves to what a server should know of each. */
export const writeTree = async (
  folder: string,
  files: number,
  seed: number,
): Promise<Map<string, Expected>> => {
  const random = seededRandom(seed);
  const expected = new Map<string, Expected>();
  await mkdir(folder);
  for (let index = 0; index < files; index++) {
    const name = `document-${String(index).padStart(5, '0')}.txt`;
    const size = 1024 + below(random, 7 * 1024 + 1);
    const meta = {
      topic: pick(random, TOPICS),
      language: pick(random, LANGUAGES),
      year: 1990 + below(random, 36),
      reviewed: below(random, 2) === 1,
      title: randomText(random, 40).toString('latin1'),
    };
    expected.set(name, { size, meta });
    await writeFile(join(folder, name), randomText(random, size));
    await writeFile(join(folder, sidecarNameOf(name)), JSON.stringify(meta));
  }
  return expected;
};
