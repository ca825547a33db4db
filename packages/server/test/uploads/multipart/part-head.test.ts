import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPartHead } from '../../../src/uploads/multipart/part-head.ts';

const read = (...lines: (string | Buffer)[]) =>
  readPartHead(
    Buffer.concat(
      lines.flatMap((line, index) => (index === 0 ? [bytes(line)] : [bytes('\r\n'), bytes(line)])),
    ),
    10,
  );
const bytes = (text: string | Buffer) => Buffer.from(text as string);

test('headers come in any order, and others are passed over', () => {
  const head = { name: 'file', filename: 'a.txt', contentType: 'text/plain; charset=utf-8' };
  const type = 'Content-Type: text/plain; charset=utf-8';
  const disposition = 'Content-Disposition: form-data; name="file"; filename="a.txt"';
  assert.deepEqual(read(type, disposition), head);
  assert.deepEqual(read(disposition, type), head);
  assert.deepEqual(read('content-length: 3', disposition.toLowerCase(), 'X-Other:', type), head);
  assert.deepEqual(read('Content-Disposition: form-data; name=key'), {
    name: 'key',
    filename: undefined,
    contentType: undefined,
  });
});

test('names and filenames are read as they were meant', () => {
  const cases: [string, string][] = [
    ['"a.txt"', 'a.txt'],
    ['a.txt', 'a.txt'],
    ['""', ''],
    ['"a b;c=d.txt"', 'a b;c=d.txt'],
    ['"a\\"b.txt"', 'a"b.txt'],
    ['"a\\\\b.txt"', 'a\\b.txt'],
    ['"C:\\dir\\a.txt"', 'C:\\dir\\a.txt'],
    ['"a%22b.txt"', 'a%22b.txt'],
    ['"a%0D%0Ab.txt"', 'a%0D%0Ab.txt'],
    ['"%2e%2e%2f"', '%2e%2e%2f'],
    ['"Gäste 漢字 😀.txt"', 'Gäste 漢字 😀.txt'],
    ['"\ufffd"', '\ufffd'],
  ];
  for (const [sent, filename] of cases) {
    assert.equal(
      read(`Content-Disposition: form-data; name="file"; filename=${sent}`).filename,
      filename,
      sent,
    );
  }
});

test('filename* is not read (RFC 7578, 4.2)', () => {
  const head = read(`Content-Disposition: form-data; name="file"; filename*=UTF-8''b.txt; filename="a.txt"`);
  assert.equal(head.filename, 'a.txt');
  assert.equal(
    read(`Content-Disposition: form-data; name="file"; filename*=UTF-8''b.txt`).filename,
    undefined,
  );
});

test('MPF.4: names of the prototype are names like any other, for fields and for headers', () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    const head = read(`${name}: x`, `Content-Disposition: form-data; name="${name}"; ${name}=y`);
    assert.deepEqual(head, { name, filename: undefined, contentType: undefined });
  }
});

test('heads that are not well-formed are refused', () => {
  const cases: [string, (string | Buffer)[], string][] = [
    [
      'MPF.3: a first line that starts with a blank',
      [' Content-Disposition: form-data; name="a"'],
      'MALFORMED_HEADER',
    ],
    [
      'MPF.3: a first line that starts with a tab',
      ['\tContent-Disposition: form-data; name="a"'],
      'MALFORMED_HEADER',
    ],
    ['MPF.3: a folded line', ['Content-Disposition: form-data;', ' name="a"'], 'MALFORMED_HEADER'],
    [
      'MPF.3: a header without colon',
      ['Content-Disposition: form-data; name="a"', 'junk'],
      'MALFORMED_HEADER',
    ],
    ['a header without name', [': x', 'Content-Disposition: form-data; name="a"'], 'MALFORMED_HEADER'],
    ['a blank before the colon', ['Content-Disposition : form-data; name="a"'], 'MALFORMED_HEADER'],
    ['an empty line', ['', 'Content-Disposition: form-data; name="a"'], 'MALFORMED_HEADER'],
    ['MPF.5: a bare CR in the name', ['Content-Disposition: form-data; name="a\rb"'], 'MALFORMED_HEADER'],
    [
      'MPF.5: a bare LF in the filename',
      ['Content-Disposition: form-data; name="a"; filename="b\nc"'],
      'MALFORMED_HEADER',
    ],
    [
      'MPF.5: NUL in the filename',
      ['Content-Disposition: form-data; name="a"; filename="b\0c"'],
      'MALFORMED_HEADER',
    ],
    [
      'NAM.2: invalid UTF-8',
      [
        Buffer.concat([
          Buffer.from('Content-Disposition: form-data; name="'),
          Buffer.from([0xc3, 0x28]),
          Buffer.from('"'),
        ]),
      ],
      'MALFORMED_HEADER',
    ],
    [
      'NAM.2: a lone surrogate',
      [
        Buffer.concat([
          Buffer.from('Content-Disposition: form-data; name="'),
          Buffer.from([0xed, 0xa0, 0x80]),
          Buffer.from('"'),
        ]),
      ],
      'MALFORMED_HEADER',
    ],
    ['MPF.6: an empty name', ['Content-Disposition: form-data; name=""'], 'NAME_MISSING'],
    ['MPF.6: no name', ['Content-Disposition: form-data; filename="a"'], 'NAME_MISSING'],
    ['no disposition', ['Content-Type: text/plain'], 'NAME_MISSING'],
    ['another disposition', ['Content-Disposition: attachment; name="a"'], 'NAME_MISSING'],
    ['a disposition that looks alike', ['Content-Disposition: form-dataX; name="a"'], 'NAME_MISSING'],
    [
      'two dispositions',
      ['Content-Disposition: form-data; name="a"', 'Content-Disposition: form-data; name="b"'],
      'MALFORMED_HEADER',
    ],
    ['two names', ['Content-Disposition: form-data; name="a"; name="b"'], 'MALFORMED_HEADER'],
    [
      'two filenames',
      ['Content-Disposition: form-data; name="a"; filename="b"; FileName="c"'],
      'MALFORMED_HEADER',
    ],
    ['an open quote', ['Content-Disposition: form-data; name="a; filename=b'], 'MALFORMED_HEADER'],
    ['junk after the name', ['Content-Disposition: form-data; name="a" b'], 'MALFORMED_HEADER'],
    [
      'base64',
      ['Content-Disposition: form-data; name="a"', 'Content-Transfer-Encoding: base64'],
      'UNSUPPORTED_ENCODING',
    ],
  ];
  for (const [what, lines, code] of cases) assert.throws(() => read(...lines), { code }, what);
});

test('MPF.3: the number of headers is limited', () => {
  const disposition = 'Content-Disposition: form-data; name="a"';
  const lines = (count: number) => [
    disposition,
    ...Array.from({ length: count - 1 }, (_, at) => `X-${at}: y`),
  ];
  assert.equal(read(...lines(10)).name, 'a');
  assert.throws(() => read(...lines(11)), { code: 'TOO_MANY_HEADERS' });
  assert.throws(() => read(...lines(2001)), { code: 'TOO_MANY_HEADERS' });
});
