import { randomText, seededRandom } from '../../testing/rows/random.ts';

const BLOCK_BYTES = 1024 * 1024;

/**
 * The content of a large file, piece by piece, each piece unlike the others. All pieces are views of one buffer that is
 * changed for the next: be done with a piece before asking for another.
 */
export function* largeFileBlocks(seed: number, bytes: number): Generator<Buffer> {
  const block = randomText(seededRandom(seed), BLOCK_BYTES);
  for (let index = 0, at = 0; at < bytes; index++, at += BLOCK_BYTES) {
    block.write(String(index).padStart(16, '0'), 0, 'latin1');
    yield block.subarray(0, Math.min(BLOCK_BYTES, bytes - at));
  }
}
