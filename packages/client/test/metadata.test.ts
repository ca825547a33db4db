import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METADATA_LIMITS } from '@sluice/contract';
import { startBareServer } from '../../../testing/server/bare-server.ts';
import { startSluice } from '../../../testing/server/sluice-server.ts';
import { MAX_METADATA_DEPTH, type MetadataInput, metadataText } from '../src/metadata.ts';
import { createClient } from '../src/node/index.ts';

const client = createClient({ ...(await startSluice()), workspaceName: 'default' });
const workspace = client.inWorkspace();

const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();

/** What a caller without types may give as metadata, and how the sentence goes that says why it is not taken. */
// biome-ignore lint/suspicious/noExplicitAny: what the types forbid is what is tried
const REFUSED: [metadata: any, sentence: RegExp][] = [
  [{ limit: Number.NaN }, /^The metadata at limit is NaN: only finite numbers can be sent\.$/],
  [{ a: { b: [1, { c: Number.NEGATIVE_INFINITY }] } }, /^The metadata at a\.b\[1\]\.c is -Infinity/],
  [{ tags: new Map([['a', 1]]) }, /^The metadata at tags is a Map/],
  [{ tags: new Set(['a']) }, /^The metadata at tags is a Set/],
  [{ of: () => 1 }, /^The metadata at of is a function/],
  [{ at: new Date('soon') }, /^The metadata at at is an invalid Date/],
  [{ vector: new Float32Array(3) }, /^The metadata at vector is a Float32Array/],
  [{ 'a b': '\ud83d' }, /^The metadata at \["a b"\] holds half of a surrogate pair\.$/],
  [{ a: ['x\0y'] }, /^The metadata at a\[0\] holds the character U\+0000\.$/],
  [{ 'k\0': 1 }, /^The metadata at \["k\\u0000"\] has a key that holds the character U\+0000\.$/],
  [{ '\udc00': 1 }, /has a key that holds half of a surrogate pair\.$/],
  [new Map([['a', 1]]), /^The metadata is a Map/],
  [[1], /^The metadata must be an object, it is an Array\.$/],
  [null, /^The metadata must be an object, it is null\.$/],
  ['{"a":1}', /^The metadata must be an object, it is a string\.$/],
  [new Date(0), /^The metadata must be an object, its toJSON gives "1970-01-01T00:00:00\.000Z"\.$/],
  [
    {
      get a() {
        throw new Error('not now');
      },
    },
    /^The metadata cannot be read: not now$/,
  ],
  [
    {
      get a() {
        throw Object.create(null);
      },
    },
    /^The metadata cannot be read: a getter failed$/,
  ],
  [revoked, /^The metadata cannot be read: .*revoked/],
  [{ a: Object.create({ constructor: { name: Symbol('x') } }) }, /^The metadata at a is an Object/],
];

test('an upload without what cannot be sent: each has its result, the others arrive', async () => {
  const good = { name: 'good.txt', body: 'good', meta: { at: new Date(0), none: undefined, n: [undefined] } };
  const bad = REFUSED.map(([meta], at) => ({ name: `bad-${at}.txt`, body: 'bad', meta }));
  const { results, sessionIds } = await workspace.uploadFiles([...bad, good]);
  assert.equal(sessionIds.length, 1);
  for (const [at, [, sentence]] of REFUSED.entries()) {
    const { name, status, reason, message } = results[at] ?? {};
    assert.deepEqual([name, status, reason], [`bad-${at}.txt`, 'skipped', 'BAD_METADATA']);
    assert.match(message ?? '', sentence);
  }
  assert.equal(results.at(-1)?.status, 'finished');
  const { data } = await workspace.files.list();
  assert.deepEqual(
    data.map(({ name, meta }) => [name, meta]),
    [['good.txt', { at: '1970-01-01T00:00:00.000Z', n: [null] }]],
  );
});

test('changes without what cannot be sent: each id has its failure, the others change', async () => {
  const ids = new Map<string, RegExp>();
  const changes: Record<string, MetadataInput> = {};
  for (const [at, [change, sentence]] of REFUSED.entries()) {
    const { file_id } = await workspace.files.upload({ name: `f${at}`, body: 'x', meta: { limit: 5 } });
    ids.set(file_id, sentence);
    changes[file_id] = change;
  }
  const good = await workspace.files.upload({ name: 'good', body: 'x', meta: { limit: 5, old: 1 } });
  changes[good.file_id] = { limit: 6, old: null, none: undefined };

  for (const update of [workspace.updateMetadata, workspace.files.updateManyMetadata]) {
    const result = await update(changes);
    assert.deepEqual([result.updated_count, result.failed_count], [1, REFUSED.length]);
    for (const { file_id, error_type, error_message } of result.failed_files) {
      assert.equal(error_type, 'BAD_REQUEST');
      assert.match(error_message, ids.get(file_id) ?? /^none$/);
    }
    assert.deepEqual(await workspace.files.metadata(good.file_id), { limit: 6 });
    for (const id of ids.keys()) assert.deepEqual(await workspace.files.metadata(id), { limit: 5 });
  }
});

test('what is about one file rejects, and asks no server', async (t) => {
  const { url, seen } = await startBareServer(t, [{ status: 200, body: '{}' }]);
  const alone = createClient({ baseUrl: url, apiKey: 'k', workspaceName: 'w' }).inWorkspace();
  for (const [meta, message] of REFUSED) {
    const refused = { name: 'ArgumentError', message };
    await assert.rejects(alone.files.upload({ name: 'a', body: 'a', meta }), refused);
    await assert.rejects(alone.files.updateMetadata('id', meta), refused);
    const changed = await alone.updateMetadata({ id: meta });
    assert.deepEqual([changed.updated_count, changed.failed_count], [0, 1]);
  }
  assert.deepEqual(seen, []);
});

test('changes that are no object with a key for each file are refused, not taken for none', async () => {
  // biome-ignore lint/suspicious/noExplicitAny: what the types forbid is what is tried
  for (const changes of [new Map([['id', { a: 1 }]]), [], null, undefined, 'id', new Set()] as any[]) {
    const refused = {
      name: 'ArgumentError',
      message: /^changes must be an object with a key for each file id/,
    };
    await assert.rejects(workspace.updateMetadata(changes), refused);
    await assert.rejects(workspace.files.updateManyMetadata(changes), refused);
  }
});

test('MET.1: levels are counted as the server counts them', () => {
  assert.equal(MAX_METADATA_DEPTH, METADATA_LIMITS.depth);
  const nested = (levels: number): MetadataInput => (levels === 0 ? { a: 1 } : { a: nested(levels - 1) });
  assert.ok('text' in metadataText(nested(MAX_METADATA_DEPTH - 1)));
  const made = metadataText(nested(MAX_METADATA_DEPTH));
  assert.match(
    'problem' in made ? made.problem : '',
    /^The metadata at (a\.)+a is nested deeper than 32 levels\.$/,
  );
});

test('MET.1: an upload whose metadata JSON cannot hold does not end the plan', async () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const plan = await client.planUpload([
    { name: 'circle', body: 'a', meta: circle as MetadataInput },
    { name: 'large', body: 'b', meta: { id_str: '1', tweet_id: 1546130668394913822n } },
  ]);
  assert.deepEqual(
    plan.problems.map(({ input, code, message }) => [input, code, message]),
    [[0, 'BAD_METADATA', 'The metadata at self leads back to itself.']],
  );
  const sidecar = await plan.files[0]?.sidecar?.whole();
  assert.equal(new TextDecoder().decode(sidecar), '{"id_str":"1","tweet_id":1546130668394913822}');
});
