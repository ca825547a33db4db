import type { FileReader } from '../service/ports/files.ts';

/** No index has the order of keys, so each step sorts all there are: few steps, and memory for one. */
const KEYS_AT_A_TIME = 100_000;

/** All keys of a workspace, in steps between which others read. */
export async function* walkKeys(
  keysAfter: FileReader['objectKeysAfter'],
  workspaceId: string,
): AsyncGenerator<string> {
  let after = '';
  for (;;) {
    const keys = await keysAfter(workspaceId, after, KEYS_AT_A_TIME);
    yield* keys;
    if (keys.length < KEYS_AT_A_TIME) return;
    after = keys.at(-1) ?? '';
  }
}
