import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { inChunks } from '../../../../testing/objects/bytes.ts';
import { temporaryFolder } from '../../../../testing/server/harness.ts';
import { sweepCommand } from '../../src/commands/sweep.ts';
import { HOUR } from '../../src/domain/instant.ts';
import { fileKey } from '../../src/domain/object-keys.ts';
import { uuidOf } from '../../src/domain/uuid.ts';
import { createLocalObjectStore } from '../../src/objects/local/store.ts';
import { readConfig } from '../../src/settings/config.ts';

test('LIF.13: sluiced sweep takes objects of organizations that no row knows only when told to, and none on a dry run', async (t) => {
  const directory = await temporaryFolder(t);
  const key = fileKey(uuidOf('organization'), uuidOf('workspace'), uuidOf('content'));
  await put(directory, [key, 'others/files/a'], 2 * HOUR);
  const config = readConfig({ SLUICE_DATA_DIR: directory });
  if ('problems' in config) throw new Error(config.problems.join());
  const sweep = (...args: string[]) =>
    printed(t, () => sweepCommand(config.config, ['--grace-hours', '1', ...args]));

  assert.deepEqual(await sweep(), [
    '2 objects seen, 0 without a row deleted',
    '1 more are of organizations that this database does not know. If it is the right one: --unknown-organizations',
    '0 unfinished uploads dropped',
  ]);
  assert.deepEqual(await sweep('--unknown-organizations', '--dry-run'), [
    `1\t${key}`,
    '2 objects seen, 1 without a row would be deleted',
    '0 unfinished uploads would be dropped',
  ]);
  assert.deepEqual(await sweep('--unknown-organizations'), [
    `1\t${key}`,
    '2 objects seen, 1 without a row deleted',
    '0 unfinished uploads dropped',
  ]);
  assert.equal((await sweep())[0], '1 objects seen, 0 without a row deleted');

  await put(directory, [key], 0);
  assert.deepEqual((await sweep('--dry-run')).slice(0, 2), [
    '2 objects seen, 0 without a row would be deleted',
    '1 more without a row are younger than 1 hours and stay: what is under way looks like that, and all that was just restored. Once nothing of it can be under way: --grace-hours 1',
  ]);
});

const put = async (directory: string, keys: string[], age: number): Promise<void> => {
  const objects = await createLocalObjectStore({
    directory,
    clock: () => Date.now() * 1000 - age,
  });
  for (const key of keys) await objects.put(key, inChunks(Buffer.from('x'), 1));
  await objects.close();
};

const printed = async (t: TestContext, work: () => Promise<void>): Promise<string[]> => {
  const log = t.mock.method(console, 'log', () => {});
  await work();
  const lines = log.mock.calls.map((call) => String((call.arguments as unknown[])[0]));
  log.mock.restore();
  return lines;
};
