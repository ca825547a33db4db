import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countedFormRequest, formRequest } from '../../load/form.ts';

const FORM = {
  url: 'http://127.0.0.1:8000/bucket',
  fields: { key: 'a/${filename}', policy: 'cG9saWN5', 'x-amz-signature': '00ff' },
};

/** What a server that goes by the standards takes a request for. */
const read = async (request: Buffer) => {
  const end = request.indexOf('\r\n\r\n');
  const head = request.toString('latin1', 0, end).split('\r\n');
  const header = (name: string) =>
    head.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
  const body = request.subarray(end + 4);
  assert.equal(Number(header('Content-Length')), body.length);
  const form = await new Response(body, {
    headers: { 'content-type': header('Content-Type') },
  }).formData();
  return { start: head[0], host: header('Host'), form };
};

test('a request holds every field, then the file', async () => {
  const { start, host, form } = await read(formRequest(FORM, 'a.txt', Buffer.from('content')));
  assert.equal(start, 'POST /bucket HTTP/1.1');
  assert.equal(host, '127.0.0.1:8000');
  assert.deepEqual([...form.keys()], [...Object.keys(FORM.fields), 'file']);
  assert.equal(form.get('key'), FORM.fields.key);
  const file = form.get('file') as File;
  assert.deepEqual([file.name, await file.text()], ['a.txt', 'content']);
});

test('a counted request changes only the name of its file', async () => {
  const request = countedFormRequest(FORM, Buffer.from('f00000000.txt'));
  for (const count of [0, 7, 15_999]) {
    const { form } = await read(request.at(count));
    const file = form.get('file') as File;
    assert.equal(file.name, `f${String(count).padStart(8, '0')}.txt`);
    assert.equal(await file.text(), 'f00000000.txt');
  }
});
