import assert from 'node:assert/strict';
import { test } from 'node:test';
import { multipartForm, newBoundary } from '../../../src/upload/sending/multipart-form.ts';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

test('the body is laid out to the byte, the file last', () => {
  const form = multipartForm({ key: 'a/${filename}', policy: 'cG9s' }, 'B');
  assert.equal(form.contentType, 'multipart/form-data; boundary=B');
  assert.equal(
    `${text(form.head('a%20b.txt'))}CONTENT${text(form.tail)}`,
    [
      '--B',
      'Content-Disposition: form-data; name="key"',
      '',
      'a/${filename}',
      '--B',
      'Content-Disposition: form-data; name="policy"',
      '',
      'cG9s',
      '--B',
      'Content-Disposition: form-data; name="file"; filename="a%20b.txt"',
      'Content-Type: application/octet-stream',
      '',
      'CONTENT',
      '--B--',
      '',
    ].join('\r\n'),
  );
});

const NAMES: [name: string, sent: string][] = [
  ['plain.txt', 'plain.txt'],
  ['"quoted"', '%22quoted%22'],
  ['a\r\nContent-Type: text/html', 'a%0D%0AContent-Type: text/html'],
  ['ü', 'ü'],
];

for (const [name, sent] of NAMES) {
  test(`MPF.5: ${JSON.stringify(name)} cannot leave its header, as field or as file`, () => {
    const head = text(multipartForm({ [name]: 'v' }, 'B').head(name));
    assert.ok(head.includes(`; name="${sent}"\r\n\r\nv\r\n`), head);
    assert.ok(head.includes(`; filename="${sent}"\r\nContent-Type: application/octet-stream\r\n\r\n`), head);
  });
}

test('what a parser other than ours reads is what was put in', async () => {
  const fields = { key: 'org/ws/${filename}', 'x-amz-date': '20260301T120000Z', note: 'grün\r\nzwei' };
  const boundary = newBoundary();
  const form = multipartForm(fields, boundary);
  const content = new Uint8Array(1000).map((_, index) => index % 256);
  const body = new Blob([form.head('na%C3%AFve.bin'), content, form.tail]);
  const read = await new Response(body, { headers: { 'content-type': form.contentType } }).formData();
  assert.deepEqual([...read.keys()], [...Object.keys(fields), 'file']);
  for (const [name, value] of Object.entries(fields)) assert.equal(read.get(name), value);
  const file = read.get('file') as File;
  assert.equal(file.name, 'na%C3%AFve.bin');
  assert.deepEqual(new Uint8Array(await file.arrayBuffer()), content);
});

test('MPF.1: a boundary is new every time and of 70 characters at most', () => {
  const made = new Set(Array.from({ length: 100 }, newBoundary));
  assert.equal(made.size, 100);
  for (const boundary of made) assert.match(boundary, /^[A-Za-z0-9-]{20,70}$/);
});

test('a boundary needs nothing that pages have over https only', (t) => {
  t.mock.method(crypto, 'randomUUID', () => assert.fail('not there over http'));
  assert.match(newBoundary(), /^sluice-[0-9a-f]{32}$/);
});
