import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeFileName } from '@sluice/contract/plain';
import { readStoreReply } from '../../../src/upload/sending/store-verdict.ts';

const xml = (code: string, message = '') =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;

const CASES: {
  status: number;
  text?: string;
  retryAfter?: string;
  verdict: 'accepted' | 'repeat' | 'refused';
}[] = [
  { status: 200, verdict: 'accepted' },
  { status: 201, verdict: 'accepted' },
  { status: 204, verdict: 'accepted' },
  { status: 307, verdict: 'refused' },
  { status: 400, verdict: 'refused' },
  { status: 400, text: xml('IncompleteBody'), verdict: 'repeat' },
  { status: 400, text: xml('RequestTimeout'), verdict: 'repeat' },
  { status: 400, text: xml('EntityTooLarge'), verdict: 'refused' },
  { status: 400, text: 'IncompleteBody', verdict: 'refused' },
  { status: 403, text: xml('AccessDenied'), verdict: 'refused' },
  { status: 404, verdict: 'refused' },
  { status: 408, verdict: 'repeat' },
  { status: 409, verdict: 'refused' },
  { status: 411, verdict: 'refused' },
  { status: 412, verdict: 'refused' },
  { status: 413, verdict: 'refused' },
  { status: 429, verdict: 'repeat' },
  { status: 500, verdict: 'repeat' },
  { status: 501, verdict: 'refused' },
  { status: 502, verdict: 'repeat' },
  { status: 503, text: xml('SlowDown'), verdict: 'repeat' },
  { status: 504, verdict: 'repeat' },
  { status: 507, verdict: 'refused' },
  { status: 507, retryAfter: '5', verdict: 'repeat' },
];

for (const { status, text = '', retryAfter = null, verdict } of CASES) {
  test(`CLI.1: ${status} ${text.slice(28, 52)} is ${verdict}`, () => {
    const read = readStoreReply({ status, text, retryAfter }, 'a.txt');
    assert.equal(read.accepted ? 'accepted' : read.mayHelp ? 'repeat' : 'refused', verdict);
  });
}

const MESSAGES: [text: string, message: string][] = [
  ['', 'The object store answered 403'],
  ['<html>Forbidden</html>', 'The object store answered 403'],
  [xml('AccessDenied', 'Policy expired.'), 'The object store answered 403, AccessDenied: Policy expired.'],
  [
    xml('AccessDenied', 'a &lt;b&gt; &amp;amp; c'),
    'The object store answered 403, AccessDenied: a <b> &amp; c',
  ],
  [xml('AccessDenied', 'two\n\u001b[31mlines'), 'The object store answered 403, AccessDenied: two [31mlines'],
];

for (const [text, message] of MESSAGES) {
  test(`it says: ${message}`, () => {
    const read = readStoreReply({ status: 403, text, retryAfter: null }, 'a.txt');
    assert.deepEqual(read, { accepted: false, mayHelp: false, message });
  });
}

test('a name that is too long for a bucket is told with its length, unless the server tells it', () => {
  const said = (code: string, message: string, name: string) => {
    const read = readStoreReply({ status: 400, text: xml(code, message), retryAfter: null }, name);
    return read.accepted ? '' : read.message;
  };
  const long = encodeFileName('漢'.repeat(29));
  assert.equal(
    said('XMinioInvalidObjectName', 'Object name contains unsupported characters.', long),
    'The object store answered 400, XMinioInvalidObjectName: Object name contains unsupported characters. (percent-encoded, ' +
      'as it is sent, the name has 261 bytes: S3 takes 897, stores that keep objects as files 255: 255 letters a–z and ' +
      'digits, 42 accented letters, 28 Chinese characters or 21 emoji)',
  );
  assert.match(said('KeyTooLongError', 'Your key is too long', 'x'.repeat(898)), / 898 bytes/);
  assert.ok(!said('XMinioInvalidObjectName', 'It has a ".."', 'x').includes('bytes'));
  assert.ok(!said('EntityTooLarge', 'Too large', long).includes('bytes'));
  const own = 'The name of the file has 903 bytes of UTF-8, 900 are allowed.';
  assert.ok(said('KeyTooLongError', own, encodeFileName('漢'.repeat(301))).endsWith(own));
});
