import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startSluice } from '../../../testing/server/sluice-server.ts';
import { createClient, ExactNumber, type File, jsonText, type Metadata } from '../src/node/index.ts';

const client = createClient({ ...(await startSluice()), workspaceName: 'default' });
const workspace = client.inWorkspace();
const folder = await mkdtemp(join(tmpdir(), 'sluice-numbers-'));
after(() => rm(folder, { recursive: true }));

/** Numbers that a double does not hold, or would write otherwise. */
const TEXTS = {
  tweet_id: '1546130668394913822',
  next_id: '1546130668394913823',
  debt: '-9007199254740993',
  forty: '1234567890123456789012345678901234567890',
  price: '0.1000000000000000055',
  rating: '1.0',
  mass: '5.9722e24',
  small: '7',
};
const JSON_TEXT = `{${Object.entries(TEXTS).map(([key, text]) => `"${key}":${text}`)}}`;
const LARGE = {
  tweet_id: 1546130668394913822n,
  next_id: 1546130668394913823n,
  debt: -9007199254740993n,
  forty: 1234567890123456789012345678901234567890n,
};
const EXACT: Metadata = {
  ...LARGE,
  price: new ExactNumber('0.1000000000000000055'),
  rating: new ExactNumber('1.0'),
  mass: new ExactNumber('5.9722e24'),
  small: 7,
};
const NEAREST: Metadata = { ...LARGE, price: 0.1, rating: 1, mass: 5.9722e24, small: 7 };

const only = async (name: string, options = {}): Promise<File> => {
  const { data } = await workspace.files.list({ name }, options);
  assert.equal(data.length, 1);
  return data[0] as File;
};

const WAYS: Record<string, (name: string) => Promise<unknown>> = {
  'as metadata of an upload': (name) => workspace.uploadFiles([{ name, body: 'a', meta: EXACT }]),
  'as a sidecar in memory': (name) =>
    workspace.uploadFiles([
      { name, body: 'a' },
      { name: `${name}.meta.json`, body: JSON_TEXT },
    ]),
  'as a sidecar on disk': async (name) => {
    await writeFile(join(folder, name), 'a');
    await writeFile(join(folder, `${name}.meta.json`), JSON_TEXT);
    await workspace.uploadFiles([join(folder, name), join(folder, `${name}.meta.json`)]);
  },
  'without a session': (name) => workspace.files.upload({ name, body: 'a', meta: EXACT }),
  'as a change': async (name) => {
    const { file_id } = await workspace.files.upload({ name, body: 'a', meta: { small: 0, debt: 1 } });
    const changed = await workspace.files.updateMetadata(file_id, EXACT, { exactNumbers: true });
    assert.deepEqual(changed, EXACT);
  },
  'as one change of many': async (name) => {
    const { file_id } = await workspace.files.upload({ name, body: 'a' });
    assert.equal((await workspace.updateMetadata({ [file_id]: EXACT })).updated_count, 1);
  },
};

for (const [at, [way, send]] of Object.entries(WAYS).entries()) {
  test(`MET.1: numbers sent ${way} come back as they were sent`, async () => {
    const name = `way-${at}.txt`;
    await send(name);
    const { file_id, meta } = await only(name);
    assert.deepEqual(meta, NEAREST);
    assert.deepEqual(await workspace.files.metadata(file_id), NEAREST);
    assert.deepEqual(await workspace.files.metadata(file_id, { exactNumbers: true }), EXACT);
    for await (const [file] of workspace.listFiles({ name, exactNumbers: true })) {
      assert.deepEqual(file?.meta, EXACT);
    }

    const { results } = await workspace.downloadFiles(join(folder, `${at}`), { name });
    const sidecar = await readFile(`${results[0]?.path}.meta.json`, 'utf8');
    for (const [key, text] of Object.entries(TEXTS))
      assert.ok(sidecar.includes(`"${key}": ${text}`), sidecar);

    assert.equal((await workspace.files.updateMetadata(file_id, meta)).tweet_id, LARGE.tweet_id);
  });
}

test('MET.1: a filter tells neighbours apart that are one double', async () => {
  const ids = [-1n, 0n, 1n].map((distance) => LARGE.tweet_id + distance);
  await workspace.uploadFiles(
    ids.map((id) => ({ name: `id-${id}`, body: 'a', meta: { of: 'filter', tweet: id } })),
  );
  const found = async (operator: string) => {
    const filter = `of eq 'filter' and tweet ${operator} ${LARGE.tweet_id}`;
    const files = (await Array.fromAsync(workspace.listFiles({ filter }))).flat();
    return files.map(({ meta }) => meta.tweet).sort();
  };
  const [before, same, behind] = ids;
  assert.deepEqual(await found('eq'), [same]);
  assert.deepEqual(await found('gt'), [behind]);
  assert.deepEqual(await found('le'), [before, same]);
  assert.deepEqual(await found('ne'), [before, behind]);
});

test('a number that holds more than it shows is sent with all of its digits', async () => {
  await workspace.files.upload({ name: 'power', body: 'a', meta: { n: 2 ** 60 } });
  assert.deepEqual((await only('power')).meta, { n: 2n ** 60n });
});

test('a number that the server does not keep is refused by its key', async () => {
  const [result] = (
    await workspace.uploadFiles([{ name: 'long', body: 'a', meta: { a: { digits: 10n ** 40n } } }])
  ).results;
  assert.equal(result?.reason, 'FAILED_TO_PARSE_META');
  assert.match(result?.message ?? '', /a\.digits/);
});

test('what was read is printed as it was sent', async () => {
  const { file_id } = await workspace.files.upload({ name: 'printed', body: 'a', meta: EXACT });
  assert.equal(jsonText(await workspace.files.metadata(file_id, { exactNumbers: true })), JSON_TEXT);
});
