import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR, type Instant, MINUTE, SECOND } from '../../../src/domain/instant.ts';
import { checkForm } from '../../../src/uploads/post-policy/check.ts';
import { signForm } from '../../../src/uploads/post-policy/sign-form.ts';
import { signPolicy } from '../../../src/uploads/post-policy/signature.ts';
import { createFormVerifier } from '../../../src/uploads/post-policy/verify-form.ts';

const START = Date.parse('2026-01-01T10:00:00Z') * 1000;
const credentials = { accessKeyId: 'SLUICE0123456789', secretAccessKey: 's'.repeat(43) };
const region = 'us-east-1';

const sign = (change: Partial<Parameters<typeof signForm>[0]> = {}) =>
  signForm({
    bucket: 'b',
    prefix: 'o/w/upload_sessions/s/',
    expiresAt: START + HOUR + 999_999,
    now: START,
    maxBytes: 1000,
    url: 'http://host/b/',
    region,
    credentials,
    ...change,
  });

const verifierAt = (now: Instant) => createFormVerifier({ credentials, region, clock: () => now });
const mapOf = (fields: Record<string, string>) => new Map(Object.entries(fields));

test('a form has the fields boto3 gives, in that order, and a policy for them', () => {
  const { url, fields } = sign();
  assert.equal(url, 'http://host/b/');
  const names = ['key', 'x-amz-algorithm', 'x-amz-credential', 'x-amz-date', 'policy', 'x-amz-signature'];
  assert.deepEqual(Object.keys(fields), names);
  assert.equal(fields.key, `o/w/upload_sessions/s/\${filename}`);
  assert.equal(fields['x-amz-date'], '20260101T100000Z');
  assert.match(fields['x-amz-signature'] as string, /^[0-9a-f]{64}$/);
  const document = JSON.parse(Buffer.from(fields.policy as string, 'base64').toString());
  assert.equal(document.expiration, '2026-01-01T11:00:00Z', 'never after the session ends');
  assert.deepEqual(document.conditions.slice(3), [
    { bucket: 'b' },
    ['starts-with', '$key', 'o/w/upload_sessions/s/'],
    { 'x-amz-algorithm': 'AWS4-HMAC-SHA256' },
    { 'x-amz-credential': `${credentials.accessKeyId}/20260101/us-east-1/s3/aws4_request` },
    { 'x-amz-date': '20260101T100000Z' },
  ]);
});

test('POL.7: no form is made for a prefix that is not a folder', () => {
  for (const prefix of ['', '/', 'o/w/s1', 'o//']) assert.throws(() => sign({ prefix }), TypeError, prefix);
});

test('POL.15: what looks like JSON in a prefix adds no condition', () => {
  const prefix = 'o/"],["starts-with","$key",""],["eq","$x","/';
  const verify = verifierAt(START);
  assert.deepEqual(verify(mapOf(sign({ prefix }).fields)).keyPrefix, prefix);
});

test('a form of ours is verified, again and again, and then checked', () => {
  const verify = verifierAt(START);
  const { fields } = sign();
  const policy = verify(mapOf(fields));
  assert.equal(policy.maxBytes, 1000);
  assert.equal(verify(mapOf(fields)), policy, 'read once');
  const form = mapOf({ ...fields, key: 'o/w/upload_sessions/s/a.txt' });
  assert.equal(checkForm(form, policy, { bucket: 'b', now: START }), 'o/w/upload_sessions/s/a.txt');
});

test('POL.1, POL.2, POL.3: what is not signed by us is refused, before and after the true form was seen', () => {
  const { fields } = sign();
  const policy = fields.policy as string;
  const signature = fields['x-amz-signature'] as string;
  const scope = fields['x-amz-credential'] as string;
  const otherPolicy = Buffer.from('{"expiration":').toString('base64');
  const cases: [string, Record<string, string>, string][] = [
    ['another policy, broken at that', { policy: otherPolicy }, 'SignatureDoesNotMatch'],
    ['a policy with a blank', { policy: `${policy} ` }, 'SignatureDoesNotMatch'],
    [
      'another signature',
      { 'x-amz-signature': signature.replace(/^./, (c) => (c === '0' ? '1' : '0')) },
      'SignatureDoesNotMatch',
    ],
    ['a short signature', { 'x-amz-signature': signature.slice(1) }, 'SignatureDoesNotMatch'],
    ['a long signature', { 'x-amz-signature': `${signature}0` }, 'SignatureDoesNotMatch'],
    ['an empty signature', { 'x-amz-signature': '' }, 'SignatureDoesNotMatch'],
    ['a signature that is not hex', { 'x-amz-signature': 'ü'.repeat(64) }, 'SignatureDoesNotMatch'],
    ['a signature in capitals', { 'x-amz-signature': signature.toUpperCase() }, 'SignatureDoesNotMatch'],
    ['another algorithm', { 'x-amz-algorithm': 'AWS4-HMAC-SHA1' }, 'SignatureDoesNotMatch'],
    ['another day', { 'x-amz-date': '20260102T100000Z' }, 'SignatureDoesNotMatch'],
    ['another time', { 'x-amz-date': '20260101T110000' }, 'SignatureDoesNotMatch'],
    [
      'another region',
      { 'x-amz-credential': scope.replace('us-east-1', 'eu-west-1') },
      'SignatureDoesNotMatch',
    ],
    ['another service', { 'x-amz-credential': scope.replace('/s3/', '/ec2/') }, 'SignatureDoesNotMatch'],
    [
      'another day of the scope',
      { 'x-amz-credential': scope.replace('20260101', '20260102') },
      'SignatureDoesNotMatch',
    ],
    ['another key', { 'x-amz-credential': scope.replace('SLUICE', 'SLUICF') }, 'InvalidAccessKeyId'],
    ['a key that starts alike', { 'x-amz-credential': scope.replace('/', '0/') }, 'InvalidAccessKeyId'],
    ['no credential to speak of', { 'x-amz-credential': '' }, 'InvalidAccessKeyId'],
    ['a policy over 20 KB', { policy: 'A'.repeat(20_484) }, 'InvalidPolicyDocument'],
  ];
  const verify = verifierAt(START);
  for (const round of ['before', 'after']) {
    for (const [what, change, code] of cases) {
      assert.throws(() => verify(mapOf({ ...fields, ...change })), { code }, `${what}, ${round}`);
    }
    verify(mapOf(fields));
  }
});

test('a part of the signature that is missing is a 400, a form without any a 403', () => {
  const { fields } = sign();
  const verify = verifierAt(START);
  for (const name of ['x-amz-algorithm', 'x-amz-credential', 'x-amz-date', 'policy', 'x-amz-signature']) {
    const form = mapOf(fields);
    form.delete(name);
    assert.throws(() => verify(form), {
      code: 'InvalidArgument',
      message: `Bucket POST must contain a field named "${name}". If it does, check the order: all fields come before the file.`,
      details: { ArgumentName: name, ArgumentValue: '' },
    });
  }
  const all = '"policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"';
  assert.throws(() => verify(mapOf({ key: 'a' })), {
    code: 'AccessDenied',
    message: new RegExp(`not signed\\. Bucket POST must contain fields named ${all}\\.`),
  });
});

test('without a key nothing else is looked at, and all that is missing is named', () => {
  const { fields } = sign();
  const verify = verifierAt(START);
  const { key, ...keyless } = fields;
  for (const form of [keyless, { ...keyless, key: '' }, { ...keyless, 'x-amz-signature': 'x' }]) {
    assert.throws(() => verify(mapOf(form)), {
      code: 'UserKeyMustBeSpecified',
      message: /^Bucket POST must contain a field named "key"\. .* order/,
    });
  }
  const { policy, ...unsigned } = keyless;
  assert.throws(() => verify(mapOf(unsigned)), {
    code: 'UserKeyMustBeSpecified',
    message: /fields named "key", "policy"\./,
  });
  assert.throws(() => verify(new Map()), {
    code: 'UserKeyMustBeSpecified',
    message: /fields named "key", "policy", "x-amz-algorithm", .*"x-amz-signature"\./,
  });
});

test('what is not as it was signed is named', () => {
  const { fields } = sign();
  const cases: [Record<string, string>, RegExp][] = [
    [{ 'x-amz-algorithm': 'AWS4-HMAC-SHA1' }, /"x-amz-algorithm" must be AWS4-HMAC-SHA256/],
    [{ 'x-amz-date': '20260101T110000' }, /"x-amz-date" must be a time such as/],
    [{ 'x-amz-date': '20260102T100000Z' }, /"x-amz-credential" must be SLUICE\w+\/20260102\/us-east-1\/s3/],
    [{ 'x-amz-credential': 'SLUICE0123456789/x' }, /"x-amz-credential" must be/],
    [{ 'x-amz-credential': 'x/y' }, /"x-amz-credential" is not known/],
    [{ 'x-amz-signature': 'x' }, /"x-amz-signature" is not the one/],
  ];
  for (const [change, message] of cases)
    assert.throws(() => verifierAt(START)(mapOf({ ...fields, ...change })), { message });
});

test('a day that does not exist dates no form, however well it is signed', () => {
  const { fields } = sign();
  for (const [date, valid] of [
    ['20260230T100000Z', false],
    ['20260131T240000Z', false],
    ['20251231T235960Z', false],
    ['20251231T235959Z', true],
  ] as const) {
    const day = date.slice(0, 8);
    const scope = (fields['x-amz-credential'] as string).replace('20260101', day);
    const document = { expiration: '2026-06-01T00:00:00Z', conditions: [{ bucket: 'b' }] };
    const policy = Buffer.from(JSON.stringify(document)).toString('base64');
    const signature = signPolicy(policy, { ...credentials, date: day, region });
    const form = mapOf({
      ...fields,
      policy,
      'x-amz-date': date,
      'x-amz-credential': scope,
      'x-amz-signature': signature,
    });
    const expected = { code: 'SignatureDoesNotMatch', message: /"x-amz-date"/ };
    if (valid) verifierAt(START)(form);
    else assert.throws(() => verifierAt(START)(form), expected, date);
  }
});

test('POL.17: the signature of version 2 opens nothing', () => {
  const { fields } = sign();
  const form = mapOf({ key: 'a', policy: fields.policy as string, AWSAccessKeyId: 'x', signature: 'y' });
  assert.throws(() => verifierAt(START)(form), { code: 'InvalidArgument' });
});

test('POL.18: a form dated more than 15 minutes ahead is refused, though it is kept', () => {
  let now = START - 15 * MINUTE;
  const verify = createFormVerifier({ credentials, region, clock: () => now });
  const form = mapOf(sign().fields);
  verify(form);
  now -= SECOND;
  assert.throws(() => verify(form), { code: 'RequestTimeTooSkewed', message: /"x-amz-date"/ });
});

test('more forms than are kept are verified all the same', () => {
  const verify = verifierAt(START);
  const forms = Array.from({ length: 600 }, (_, at) =>
    mapOf(sign({ prefix: `o/w/upload_sessions/${at}/` }).fields),
  );
  for (const form of [...forms, ...forms]) verify(form);
  const broken = mapOf({
    ...sign().fields,
    'x-amz-signature': signPolicy('', { ...credentials, date: '20260101', region }),
  });
  assert.throws(() => verify(broken), { code: 'SignatureDoesNotMatch' });
});
