import assert from 'node:assert/strict';
import { test } from 'node:test';
import { API_KEY, type Harness, postFile, startHarness } from '../../../../testing/server/harness.ts';

/** A name of the 900 bytes that are documented, in parts of at most 255, of one kind of letter. */
const longest = (character: string): string => {
  const bytes = Buffer.byteLength(character);
  const part = character.repeat(Math.floor(255 / bytes));
  const folders = `${part}/${part}/${part}/`;
  const room = 900 - Buffer.byteLength(folders);
  return folders + character.repeat(Math.floor(room / bytes)) + 'x'.repeat(room % bytes);
};

const NAMES = [
  ...['x', 'é', 'ǖ', 'ᾂ', '漢', '각', '😀', '%', "'"].map(longest),
  Array.from({ length: 4 }, () => '漢'.repeat(25)).join('/'),
].sort();

const assertHeld = async (h: Harness, spelled = (name: string) => name) => {
  const list = async (query: Record<string, string>) => {
    const answer = await h.ws('GET', `/files?${new URLSearchParams(query)}`);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body.data as { file_id: string; name: string; meta: { of?: string } }[];
  };
  const all = await list({ limit: '100' });
  assert.deepEqual(all.map(({ name }) => name).sort(), NAMES);

  const paged: string[] = [];
  let page = await list({ field: 'name', limit: '1' });
  for (let last = page[0]; last !== undefined && paged.length < 2 * NAMES.length; last = page[0]) {
    paged.push(last.name);
    const value = spelled(last.name);
    page = await list({ field: 'name', limit: '1', after_value: value, after_file_id: last.file_id });
  }
  assert.deepEqual(new Set(paged), new Set(NAMES));
  assert.equal(paged.length, NAMES.length);

  for (const { file_id, name, meta } of all) {
    assert.equal(meta.of, name);
    const quoted = `'${name.replaceAll("'", "''")}'`;
    const inAnySpelling = spelled(quoted);
    for (const query of [
      { name: spelled(name) },
      { filter: `name eq ${inAnySpelling}` },
      { filter: `contains(name, ${inAnySpelling})` },
      { filter: `name in (${inAnySpelling}, 'x')` },
      { filter: `of eq ${quoted}` },
    ] as Record<string, string>[]) {
      assert.deepEqual(
        (await list(query)).map((file) => file.name),
        [name],
        JSON.stringify(query),
      );
    }
    const content = await h.ws('GET', `/files/${file_id}`);
    assert.deepEqual([content.status, content.body], [200, name]);
    const saved = /filename\*=UTF-8''([^;]*)/.exec(content.headers.get('content-disposition') ?? '')?.[1];
    if (saved !== undefined) assert.equal(decodeURIComponent(saved), name.split('/').at(-1));
    assert.equal((await h.ws('DELETE', '/files', { names: [spelled(name)] })).status, 200);
  }
  assert.deepEqual(await list({}), []);
};

test('names of the full length: sent one by one, listed, found, sorted, read and deleted', async (t) => {
  const h = await startHarness(t);
  for (const name of NAMES) {
    const added = await h.uploadFile(name.normalize('NFD'), name, { of: name });
    assert.equal(added.status, 201, `${name} ${JSON.stringify(added.body)}`);
  }
  await assertHeld(h);
  for (const name of NAMES) {
    const query = `?${new URLSearchParams({ file_name: name.normalize('NFD') })}`;
    const form = new FormData();
    form.append('text', name);
    form.append('meta', JSON.stringify({ of: name }));
    const { status } = await fetch(`${h.server.url}/api/v1/workspaces/default/files${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_KEY}` },
      body: form,
    });
    assert.equal(status, 201, name);
  }
  await assertHeld(h, (name) => name.normalize('NFD'));
});

test('names of the full length come by a form with their metadata, where keys are ours', async (t) => {
  const h = await startHarness(t);
  const { id, form } = await h.openSession();
  if (h.road !== 'embedded') {
    // A bucket has a limit of its own, which encoded names of this length are over.
    const { status } = await postFile(form, longest('漢'), 'x');
    assert.ok(status >= 400 && status < 500, String(status));
    return;
  }
  for (const name of NAMES) {
    for (const [sent, content] of [
      [name, name],
      [`${name}.meta.json`, JSON.stringify({ of: name })],
    ] as const) {
      const answer = await postFile(form, sent.normalize('NFD'), content);
      assert.equal(answer.status, 204, JSON.stringify(answer.body));
      assert.ok(JSON.stringify([...answer.headers]).length < 4000, 'proxies take it');
    }
  }
  const files = async () =>
    (await h.ws('GET', `/upload_sessions/${id}/files?limit=100`)).body.data as Record<string, unknown>[];
  assert.deepEqual((await files()).map(({ name }) => name).sort(), NAMES);
  const tooLong = await postFile(form, `${'漢'.repeat(75)}/`.repeat(4), 'x');
  assert.match(tooLong.body, /<Code>KeyTooLongError<.*has 904 bytes of UTF-8, 900 are allowed/s);
  assert.equal(tooLong.status, 400);
  assert.equal((await h.ws('PUT', `/upload_sessions/${id}`, {})).status, 204);
  await h.drain();
  assert.deepEqual(new Set((await files()).map((file) => file.ingestion_status)), new Set(['FINISHED']));
  await assertHeld(h);
});
