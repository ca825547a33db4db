import assert from 'node:assert/strict';
import { test } from 'node:test';
import { customForm } from './custom-form.ts';
import { PREFIX, startFormServer } from './form-server.ts';
import { type BodyOptions, element, post } from './raw-http.ts';

type Case = [
  what: string,
  expected: { status: number; code: string; message: RegExp },
  fields: Record<string, string>,
  body?: BodyOptions & { headers?: Record<string, string | undefined> },
];

test('every refusal names the field that is at fault', async (t) => {
  const server = await startFormServer(t);
  const { fields } = server.form;
  const without = (...names: string[]) =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
  const denied = (message: RegExp) => ({ status: 403, code: 'AccessDenied', message });
  const invalid = (message: RegExp) => ({ status: 400, code: 'InvalidArgument', message });
  const keyless = (message: RegExp) => ({ status: 400, code: 'UserKeyMustBeSpecified', message });
  const malformed = (message: RegExp) => ({ status: 400, code: 'MalformedPOSTRequest', message });
  const cases: Case[] = [
    [
      'the file before all fields',
      keyless(/fields named "key", "policy", .*"x-amz-signature"\. .* come before the file/),
      {},
      { after: Object.entries(fields) },
    ],
    ['no key', keyless(/a field named "key"\./), without('key')],
    [
      'the key after the file',
      keyless(/"key"\. .* order/),
      without('key'),
      { after: [['key', `${PREFIX}a`]] },
    ],
    ['an empty key', keyless(/"key"/), { ...fields, key: '' }],
    ['no filename for the key', keyless(/"key" .* no filename/), fields, { filename: '' }],
    [
      'nothing of a signature',
      denied(/not signed\. .* "policy", .*"x-amz-signature"/),
      { key: `${PREFIX}a` },
    ],
    ...['policy', 'x-amz-algorithm', 'x-amz-credential', 'x-amz-date', 'x-amz-signature'].flatMap(
      (name): Case[] => [
        [`no ${name}`, invalid(new RegExp(`a field named "${name}"\\.`)), without(name)],
        [
          `${name} after the file`,
          invalid(new RegExp(`"${name}"\\. .* order`)),
          without(name),
          { after: [[name, fields[name] ?? '']] },
        ],
        [
          `${name} twice`,
          invalid(new RegExp(`more than one field "${name}"`)),
          fields,
          { fields: [[name, 'x']] },
        ],
      ],
    ),
    ['a field too much', denied(/Extra input fields: "acl"/), fields, { fields: [['acl', 'private']] }],
    ['another bucket', denied(/"bucket"/), fields, { fields: [['bucket', 'other']] }],
    ['a key elsewhere', denied(/Condition failed: \["starts-with","\$key"/), { ...fields, key: 'a' }],
    [
      'no file',
      { status: 400, code: 'IncorrectNumberOfFilesInPostRequest', message: /no part named "file"/ },
      fields,
      { fileField: 'upload' },
    ],
    [
      'two files',
      {
        status: 400,
        code: 'IncorrectNumberOfFilesInPostRequest',
        message: /more than one part named "file"/,
      },
      fields,
      { after: [['file', 'x']] },
    ],
    [
      'the file under another name',
      { status: 400, code: 'MaxPostPreDataLengthExceededError', message: /before its part "file": "upload"/ },
      fields,
      { fileField: 'upload', content: 'x'.repeat(30_000) },
    ],
    [
      'many fields',
      { status: 400, code: 'MaxPostPreDataLengthExceededError', message: /: "x-ignore-\d+" does not fit/ },
      fields,
      { fields: Array.from({ length: 999 }, (_, at) => [`x-ignore-${at}`, '1'] as const) },
    ],
    [
      'a field that is no text',
      invalid(/"x-ignore-a"/),
      fields,
      { fields: [['x-ignore-a', Buffer.from([0xff])]] },
    ],
    [
      'a field without a name',
      malformed(/after the field "x-amz-signature": .* no name/),
      fields,
      { fields: [['', 'x']] },
    ],
    [
      'a filename with a line end',
      malformed(/after the field "x-amz-signature": /),
      fields,
      { filename: 'a\nb' },
    ],
    [
      'another content type',
      { status: 400, code: 'RequestIsNotMultiPartContent', message: /"application\/json" is not/ },
      fields,
      { headers: { 'Content-Type': 'application/json' } },
    ],
    [
      'no content type',
      { status: 400, code: 'RequestIsNotMultiPartContent', message: /No Content-Type/ },
      fields,
      { headers: { 'Content-Type': undefined } },
    ],
    [
      'a coding',
      { status: 415, code: 'UnsupportedMediaType', message: /Content-Encoding/ },
      fields,
      { headers: { 'Content-Encoding': 'gzip' } },
    ],
  ];
  for (const [what, { status, code, message }, sent, body] of cases) {
    const answer = await post(t, { ...server.form, fields: sent }, body);
    assert.equal(element(answer, 'Code'), code, what);
    assert.equal(answer.status, status, what);
    assert.match(unescaped(element(answer, 'Message')), message, what);
  }
  assert.deepEqual(await server.names(), []);
});

test('what a policy asks for is named where it is missing, too large or too small', async (t) => {
  const server = await startFormServer(t);
  const form = await customForm(server, {
    conditions: [
      ['content-length-range', 2, 10],
      ['starts-with', '$Content-Type', 'image/'],
      ['starts-with', '$x-amz-meta-a', ''],
    ],
  });
  const type = ['Content-Type', 'image/png'] as const;
  const cases: [string, BodyOptions][] = [
    ['AccessDenied: .*"\\$Content-Type","image/"\\]\\. The form has no field "content-type"\\.', {}],
    ['AccessDenied: .*"\\$Content-Type","image/"\\]$', { fields: [['Content-Type', 'text/plain']] }],
    ['EntityTooLarge: .* the 10 bytes', { fields: [type], content: 'x'.repeat(11) }],
    ['EntityTooSmall: .* the 2 bytes', { fields: [type], content: 'x' }],
    [
      'MetadataTooLarge: .*"x-amz-meta-\\*" have 3012 bytes',
      { fields: [type, ['x-amz-meta-a', 'x'.repeat(3000)]] },
    ],
  ];
  for (const [message, body] of cases) {
    const answer = await post(t, form, body);
    const said = `${element(answer, 'Code')}: ${unescaped(element(answer, 'Message'))}`;
    assert.match(said, new RegExp(message));
  }
});

const unescaped = (text = ''): string => text.replaceAll('&quot;', '"').replaceAll('&apos;', "'");
