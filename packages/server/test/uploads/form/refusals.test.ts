import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeFileName } from '@sluice/contract';
import { HOUR, SECOND } from '../../../src/domain/instant.ts';
import { type CustomForm, customForm } from './custom-form.ts';
import { BUCKET, PREFIX, startFormServer } from './form-server.ts';
import { type BodyOptions, element, post } from './raw-http.ts';

type Case = [
  what: string,
  status: number,
  code: string,
  form: CustomForm | Record<string, never>,
  body?: BodyOptions,
];

test('what is not to be stored is refused with its status and code, and nothing is stored', async (t) => {
  const server = await startFormServer(t);
  const now = server.clock();
  const expiration = new Date((now + HOUR) / 1000).toISOString();
  const cases: Case[] = [
    ['POL.4: an expired policy', 403, 'AccessDenied', { expiresAt: now - SECOND }],
    [
      'POL.4: an empty list of conditions',
      400,
      'InvalidPolicyDocument',
      { document: { expiration, conditions: [] } },
    ],
    [
      'POL.4: no expiration',
      400,
      'InvalidPolicyDocument',
      { document: { conditions: [{ bucket: BUCKET }] } },
    ],
    ['POL.7: a key outside the prefix', 403, 'AccessDenied', { key: 'o/w/upload_sessions/s2/a' }],
    ['POL.7: a folder that starts alike', 403, 'AccessDenied', { key: `${PREFIX.slice(0, -1)}0/a` }],
    ['POL.8: a field that is not covered', 403, 'AccessDenied', {}, { fields: [['acl', 'public-read']] }],
    ['POL.8: tagging', 403, 'AccessDenied', {}, { fields: [['tagging', '<Tagging/>']] }],
    ['POL.9: a field twice', 400, 'InvalidArgument', {}, { fields: [['key', `${PREFIX}b`]] }],
    [
      'POL.9: a field twice in another letter case',
      400,
      'InvalidArgument',
      {},
      { fields: [['Policy', 'x']] },
    ],
    [
      'POL.13: a policy for another bucket',
      403,
      'AccessDenied',
      { document: { expiration, conditions: [{ bucket: 'other' }, ['starts-with', '$key', PREFIX]] } },
    ],
    ['POL.13: a field for another bucket', 403, 'AccessDenied', {}, { fields: [['bucket', 'other']] }],
    ['POL.11: no filename', 400, 'UserKeyMustBeSpecified', {}, { filename: '' }],
    ['POL.11: a filename that is a folder', 400, 'UserKeyMustBeSpecified', {}, { filename: 'a/' }],
    ['POL.11: a name of 901 bytes', 400, 'KeyTooLongError', {}, { filename: 'x'.repeat(901) }],
    [
      'POL.11: a name of 903 bytes, escaped',
      400,
      'KeyTooLongError',
      {},
      { filename: encodeFileName('漢'.repeat(301)) },
    ],
    ['MPF.6: no file', 400, 'IncorrectNumberOfFilesInPostRequest', {}, { fileField: 'other' }],
    ['two files', 400, 'IncorrectNumberOfFilesInPostRequest', {}, { after: [['file', 'second']] }],
    [
      'two files, the second by another spelling',
      400,
      'IncorrectNumberOfFilesInPostRequest',
      {},
      { after: [['FILE', 'second']] },
    ],
    ['MPF.5: a filename with NUL', 400, 'MalformedPOSTRequest', {}, { filename: 'a\0b' }],
    ['MPF.5: a filename with LF', 400, 'MalformedPOSTRequest', {}, { filename: 'a\nb' }],
    [
      'MPF.8: a field over 20 KB',
      400,
      'MaxPostPreDataLengthExceededError',
      {},
      { fields: [['x-ignore-a', 'x'.repeat(20_480)]] },
    ],
    [
      'MPF.8: 1,000 tiny fields',
      400,
      'MaxPostPreDataLengthExceededError',
      {},
      { fields: Array.from({ length: 1000 }, (_, at) => [`x-ignore-${at}`, '1'] as const) },
    ],
    [
      'MPF.8: 1,001 parts after the file',
      400,
      'MalformedPOSTRequest',
      {},
      { after: Array.from({ length: 1001 }, () => ['a', ''] as const) },
    ],
    ['much after the file', 400, 'MalformedPOSTRequest', {}, { after: [['a', 'x'.repeat(300_000)]] }],
    [
      'NAM.2: a key that is not UTF-8',
      400,
      'InvalidArgument',
      {},
      { fields: [['x-ignore-a', Buffer.from([0xff])]] },
    ],
    ['a key with NUL', 400, 'InvalidArgument', { key: `${PREFIX}a\0b` }],
  ];
  for (const [what, status, code, custom, body] of cases) {
    const answer = await post(t, await customForm(server, custom), body);
    assert.equal(element(answer, 'Code'), code, what);
    assert.equal(answer.status, status, what);
    assert.ok(answer.reason.startsWith(`${code}: `), what);
    assert.equal(server.told.at(-1), code, what);
  }
  assert.deepEqual(await server.names(), []);
  assert.deepEqual(server.failures, []);
});

test('POL.1, POL.2: what was tampered with is 403', async (t) => {
  const server = await startFormServer(t);
  const { fields } = server.form;
  const forged = Buffer.from(
    Buffer.from(fields.policy as string, 'base64')
      .toString()
      .replace(PREFIX, 'o/'),
  ).toString('base64');
  const cases: Record<string, string>[] = [
    { policy: forged },
    { 'x-amz-signature': 'abc' },
    { 'x-amz-signature': 'zz'.repeat(32) },
    { 'x-amz-date': '20991231T000000Z' },
    { 'x-amz-algorithm': 'none' },
    { 'x-amz-credential': (fields['x-amz-credential'] as string).replace('us-east-1', 'x') },
    { 'x-amz-credential': 'x/y/z' },
  ];
  for (const change of cases) {
    const answer = await post(t, { ...server.form, fields: { ...fields, ...change } });
    assert.equal(answer.status, 403, JSON.stringify(change));
  }
  assert.deepEqual(await server.names(), []);
  assert.equal((await post(t, server.form)).status, 204);
});

test('POL.8: x-ignore fields, and what browsers add, do not stop an upload', async (t) => {
  const server = await startFormServer(t);
  const fields: [string, string][] = [
    ['x-ignore-me', '1'],
    ['Content-Type', 'text/plain'],
    ['success_action_status', '204'],
  ];
  assert.equal((await post(t, server.form, { fields })).status, 204);
});

test('POL.9: fields after the file are ignored, and not acted on', async (t) => {
  const server = await startFormServer(t);
  const after: [string, string][] = [
    ['key', `${PREFIX}other`],
    ['success_action_status', '201'],
    ['acl', 'x'],
    ['submit', 'Upload'],
  ];
  assert.equal((await post(t, server.form, { after })).status, 204);
  assert.deepEqual(await server.names(), ['a.txt']);
});

test('POL.11, NAM.2: a name is kept as it was sent, whatever it looks like', async (t) => {
  const server = await startFormServer(t);
  const names = [
    '..',
    '..%2F..%2Fa',
    '%252e',
    'CON',
    'NUL.txt',
    'a.',
    '-rf',
    'a\u202etxt',
    '\u2215',
    '.meta.json',
    'x'.repeat(255),
    '😀',
    `C:a`,
    'x'.repeat(900),
    encodeFileName('漢'.repeat(300)),
    encodeFileName('각'.repeat(300).normalize('NFD')),
    `${encodeFileName('x'.repeat(900))}.meta.json`,
    '%0D%0A',
    'e\u0301',
    '\u00e9',
  ];
  for (const filename of names)
    assert.equal((await post(t, server.form, { filename })).status, 204, filename);
  assert.deepEqual(new Set(await server.names()), new Set(names));
});

test('MPF.4: fields named like the prototype are fields like any other', async (t) => {
  const server = await startFormServer(t);
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    assert.equal((await post(t, server.form, { fields: [[name, 'x']] })).status, 403, name);
    const form = await customForm(server, { conditions: [['eq', `$${name}`, 'x']] });
    assert.equal((await post(t, form, { fields: [[name, 'x']] })).status, 204, name);
  }
});

test('MPF.1, POL.14: requests that are not multipart/form-data, or have no good boundary', async (t) => {
  const server = await startFormServer(t);
  const cases: [string | undefined, string][] = [
    [undefined, 'RequestIsNotMultiPartContent'],
    ['application/json', 'RequestIsNotMultiPartContent'],
    ['multipart/form-dataX; boundary=a', 'RequestIsNotMultiPartContent'],
    ['multipart/form-data', 'MalformedPOSTRequest'],
    ['multipart/form-data; boundary=', 'MalformedPOSTRequest'],
    [`multipart/form-data; boundary=${'x'.repeat(71)}`, 'MalformedPOSTRequest'],
    [`multipart/form-data; boundary=${'x'.repeat(252)}`, 'MalformedPOSTRequest'],
    [`multipart/form-data; boundary=${'x'.repeat(4000)}`, 'MalformedPOSTRequest'],
    ['multipart/form-data; boundary=another', 'MalformedPOSTRequest'],
  ];
  for (const [contentType, code] of cases) {
    const answer = await post(t, server.form, { headers: { 'Content-Type': contentType } });
    assert.equal(element(answer, 'Code'), code, String(contentType));
    assert.equal(answer.status, 400);
  }
});

test('POL.10: content-length-range holds at its edges, however the body comes', async (t) => {
  const server = await startFormServer(t);
  const form = await customForm(server, { conditions: [['content-length-range', 2, 100_000]] });
  const open = await customForm(server, { conditions: [['content-length-range', 0, 0]] });
  const cases: [typeof form, number, number, string?][] = [
    [form, 0, 400, 'EntityTooSmall'],
    [form, 1, 400, 'EntityTooSmall'],
    [form, 2, 204],
    [form, 99_999, 204],
    [form, 100_000, 204],
    [form, 100_001, 400, 'EntityTooLarge'],
    [form, 900_000, 400, 'EntityTooLarge'],
    [open, 0, 204],
    [open, 1, 400, 'EntityTooLarge'],
  ];
  for (const [used, size, status, code] of cases) {
    for (const chunked of [false, true]) {
      const before = (await server.names()).length;
      const body = new FormData();
      for (const [name, value] of Object.entries(used.fields)) body.append(name, value);
      body.append('file', new Blob([Buffer.alloc(size)]), `${size}-${chunked}-${used === open}`);
      const encoded = new Response(body);
      const response = await fetch(used.url, {
        method: 'POST',
        headers: { 'content-type': encoded.headers.get('content-type') as string },
        ...(chunked ? { body: encoded.body, duplex: 'half' } : { body: await encoded.arrayBuffer() }),
      } as RequestInit);
      const text = await response.text();
      assert.equal(response.status, status, `${size} bytes, chunked ${chunked}: ${text}`);
      if (code !== undefined) assert.ok(text.includes(`<Code>${code}</Code>`), text);
      assert.equal((await server.names()).length, before + (status === 204 ? 1 : 0));
    }
  }
  const tooLarge = await post(t, form, { content: Buffer.alloc(100_001) });
  assert.equal(element(tooLarge, 'ProposedSize'), '100001');
  assert.equal(element(tooLarge, 'MaxSizeAllowed'), '100000');
  assert.equal(element(await post(t, form, { content: 'x' }), 'MinSizeAllowed'), '2');
});

test('POL.12: a form is worth nothing once its session is sealed or over', async (t) => {
  const server = await startFormServer(t);
  const other = await server.newForm('o/w/upload_sessions/s2/');
  assert.equal((await post(t, server.form)).status, 204);
  await server.store.seal(PREFIX);
  const sealed = await post(t, server.form);
  assert.deepEqual(
    [sealed.status, sealed.reason],
    [403, 'AccessDenied: Access Denied: the upload session has ended.'],
  );
  assert.equal((await post(t, other)).status, 204);
  server.advance(HOUR);
  const expired = await post(t, other);
  assert.equal(element(expired, 'Message'), 'Invalid according to Policy: Policy expired.');
});

test('LIF.17: a session takes so many files, and as many sidecars, and no more', async (t) => {
  const server = await startFormServer(t, { store: { maxFilesPerSession: 3 } });
  const upload = async (filename: string, content: string | Buffer = 'x') =>
    (await post(t, server.form, { filename, content })).status;
  for (const name of ['a', 'b', 'c']) assert.equal(await upload(name), 204);
  assert.equal(await upload('d'), 403);
  assert.equal(await upload('d', Buffer.alloc(200_000)), 403);
  assert.equal(await upload('c', 'again'), 204, 'a name that is there counts once');
  assert.equal(await upload('c', Buffer.alloc(200_000)), 204);
  for (const name of ['a.meta.json', 'b%2Emeta.json', 'x.meta.json']) assert.equal(await upload(name), 204);
  const full = await post(t, server.form, { filename: 'y.meta.json' });
  assert.deepEqual(
    [full.status, full.reason],
    [403, 'AccessDenied: Access Denied: the upload session holds as many sidecars as it may.'],
  );
  assert.deepEqual(await server.store.count(PREFIX), { files: 3, sidecars: 3 });

  await server.store.delete([`${PREFIX}a`]);
  assert.equal(await upload('d'), 204, 'what was deleted makes room');
  assert.equal(await upload('e'), 403);
  const racers = await server.newForm('o/w/upload_sessions/s3/');
  const statuses = await Promise.all(
    Array.from({ length: 12 }, (_, at) => post(t, racers, { filename: `f${at}` })),
  );
  assert.equal(statuses.filter(({ status }) => status === 204).length, 3);
});

test('a body that is compressed, or said to be, is refused', async (t) => {
  const server = await startFormServer(t);
  for (const coding of ['gzip', 'br', 'aws-chunked', 'identity, gzip', 'x']) {
    const answer = await post(t, server.form, { headers: { 'Content-Encoding': coding } });
    assert.equal(answer.status, 415, coding);
    assert.equal(element(answer, 'Code'), 'UnsupportedMediaType');
  }
  for (const coding of ['identity', ' Identity ', '']) {
    assert.equal((await post(t, server.form, { headers: { 'Content-Encoding': coding } })).status, 204);
  }
});
