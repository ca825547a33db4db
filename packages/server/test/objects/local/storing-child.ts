import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { bytesOf } from '../../../../../testing/objects/bytes.ts';
import { testClock } from '../../../../../testing/objects/test-clock.ts';
import { createLocalObjectStore } from '../../../src/objects/local/store.ts';

/**
 * Started as a process of its own: stores uploads for as long as it lives, several at a time, and tells on its
 * standard output of each that is stored (`+`), moved (`>`) or refused (`-`). Arguments: folder, name of the run, sizes.
 */
const [directory = '', run = '', ...sizes] = process.argv.slice(2);
const prefix = `o/w/upload_sessions/${run}/`;

/** A write that cannot be lost with the process. */
const tell = (line: string) => writeSync(1, `${line}\n`);

const { clock } = testClock();
const store = await createLocalObjectStore({ directory, clock });

let seed = 0;
const storeOne = async (): Promise<void> => {
  const mine = ++seed;
  const size = Number(sizes[mine % sizes.length]);
  const key = `${prefix}${mine}-${size}`;
  const upload = store.begin({ key, prefix }, { drained: () => {}, failed: () => {} });
  try {
    upload.write(bytesOf(size, mine));
    const { etag } = await upload.commit();
    tell(`+${key}`);
    if (mine % 3 !== 0) return;
    await store.move([{ from: key, to: `${prefix}moved/${mine}-${size}`, etag }]);
    tell(`>${key}`);
  } catch (error) {
    upload.abort();
    tell(`-${(error as { code?: string }).code}`);
    await sleep(5);
  }
};

await Promise.all(
  Array.from({ length: 6 }, async () => {
    for (;;) await storeOne();
  }),
);
