import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MultipartParser } from '../../../src/uploads/multipart/parser.ts';
import type { PartHead } from '../../../src/uploads/multipart/part-head.ts';

const LIMITS = { headerBytes: 1000, headers: 10, parts: 20 };
const BOUNDARY = 'x-y';

type Part = PartHead & { data: string; ended: boolean; offset: number };

/** Reads chunks and gives back what the handler was told. */
const parse = (
  chunks: Buffer[],
  { limits = LIMITS, boundary = BOUNDARY, room = Number.POSITIVE_INFINITY } = {},
) => {
  const parts: Part[] = [];
  let ends = 0;
  const parser = new MultipartParser(
    boundary,
    {
      partBegin: (head, offset) => {
        parts.push({ ...head, data: '', ended: false, offset });
        return room;
      },
      partData: (slice) => {
        assert.ok(slice.length > 0);
        (parts.at(-1) as Part).data += slice.toString('latin1');
      },
      partEnd: () => {
        (parts.at(-1) as Part).ended = true;
      },
      formEnd: () => ends++,
    },
    limits,
  );
  for (const chunk of chunks) parser.write(chunk);
  parser.end();
  assert.equal(ends, 1);
  return parts;
};

const part = (name: string, data: string, boundary = BOUNDARY): string =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${data}\r\n`;
const end = `--${BOUNDARY}--\r\n`;
const bytes = (text: string) => Buffer.from(text, 'latin1');

test('parts come in order, with where their data begins', () => {
  const body = part('a', '1') + part('b', '') + part('c', 'line\r\nline\r\n') + end;
  const parts = parse([bytes(body)]);
  assert.deepEqual(
    parts.map(({ name, data, ended }) => [name, data, ended]),
    [
      ['a', '1', true],
      ['b', '', true],
      ['c', 'line\r\nline\r\n', true],
    ],
  );
  for (const { data, offset } of parts) assert.equal(body.slice(offset, offset + data.length), data);
});

test('RFC 2046: preamble, blanks after a boundary and epilogue are ignored', () => {
  const body = `preamble\r\n--x-\r\n${part('a', '1')}`.replace('--x-y\r\n', '--x-y \t \r\n');
  assert.equal(parse([bytes(`${body}${end}epilogue\r\n--x-y\r\n`)])[0]?.data, '1');
});

/** Data that is full of what could be taken for a delimiter. */
const trickyData = fc
  .array(
    fc.constantFrom(
      '\r',
      '\n',
      '-',
      '--',
      '\r\n',
      '\r\n-',
      '\r\n--',
      '\r\n--x',
      '\r\n--x-',
      'x-y',
      '--x-y',
      'a',
      '\0',
      'ÿ',
    ),
    { maxLength: 30 },
  )
  .map((pieces) => pieces.join(''))
  .filter((data) => !`\r\n${data}\r\n`.slice(2).includes('\r\n--x-y'));

test('however a body is cut, it reads the same as in one piece', () => {
  fc.assert(
    fc.property(
      fc.array(trickyData, { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(400), { maxLength: 12 }),
      (datas, cuts) => {
        const body = bytes(datas.map((data, at) => part(`p${at}`, data)).join('') + end);
        const whole = parse([body]);
        assert.deepEqual(
          whole.map(({ data }) => data),
          datas,
        );
        const edges = [0, ...cuts.filter((cut) => cut < body.length).sort((a, b) => a - b), body.length];
        const chunks = edges.slice(1).map((edge, at) => body.subarray(edges[at], edge));
        assert.deepEqual(parse(chunks), whole);
        assert.deepEqual(parse(Array.from(body, (_, at) => body.subarray(at, at + 1))), whole);
      },
    ),
  );
});

test('MPF.7: a body cut off at any byte is no form', () => {
  const body = bytes(`${part('a', '1\r\n--x-') + part('b', 'text')}--${BOUNDARY}--`);
  for (let length = 0; length < body.length; length++) {
    assert.throws(() => parse([body.subarray(0, length)]), { code: 'TRUNCATED' }, `at ${length}`);
  }
});

test('data are views of what was written, not copies', () => {
  const chunk = bytes(part('a', 'data') + end);
  const slices: Buffer[] = [];
  const handler = {
    partBegin: () => 100,
    partData: (slice: Buffer) => slices.push(slice),
    partEnd: () => {},
    formEnd: () => {},
  };
  new MultipartParser(BOUNDARY, handler, LIMITS).write(chunk);
  assert.equal(slices.length, 1);
  assert.equal(slices[0]?.buffer, chunk.buffer);
});

test('what breaks the form is refused with its code', () => {
  const junk = 'X'.repeat(1100);
  const cases: [string, string, string][] = [
    ['a delimiter line that goes on', `${part('a', '1')}--x-yz\r\n`, 'MALFORMED'],
    ['one dash after the boundary', `${part('a', '1')}--x-y-x`, 'MALFORMED'],
    ['blanks without end after the boundary', `--x-y${' '.repeat(100)}\r\n`, 'MALFORMED'],
    ['a blank before the closing dashes', `${part('a', '1')}--x-y --\r\n`, 'MALFORMED'],
    ['a bare CR after the boundary', '--x-y\rContent-Disposition: form-data; name="a"\r\n\r\n', 'MALFORMED'],
    ['too much before the first delimiter', `${junk}\r\n${part('a', '1')}${end}`, 'MALFORMED'],
    ['MPF.3: headers without end', `--x-y\r\nX: ${junk}`, 'HEADERS_TOO_LARGE'],
    ['MPF.3: headers over the limit', `--x-y\r\nX: ${junk}\r\n\r\n1\r\n${end}`, 'HEADERS_TOO_LARGE'],
    ['a part without headers', `--x-y\r\n\r\n1\r\n${end}`, 'NAME_MISSING'],
  ];
  for (const [what, text, code] of cases) {
    const body = bytes(text);
    assert.throws(() => parse([body]), { code }, what);
    assert.throws(
      () => parse(Array.from(body, (_, at) => body.subarray(at, at + 1))),
      { code },
      `${what}, byte by byte`,
    );
  }
});

test('MPF.8: the number of parts and the size of one are limited', () => {
  const form = (parts: number) => bytes(part('a', '1').repeat(parts) + end);
  assert.equal(parse([form(20)]).length, 20);
  for (const parts of [21, 1001]) assert.throws(() => parse([form(parts)]), { code: 'TOO_MANY_PARTS' });

  const sized = (size: number) => bytes(part('a', 'x'.repeat(size)) + end);
  assert.equal(parse([sized(16)], { room: 16 })[0]?.data.length, 16);
  assert.throws(() => parse([sized(17)], { room: 16 }), { code: 'PART_TOO_LARGE' });
});

test('a parser that failed stays failed', () => {
  const handler = {
    partBegin: (): number => {
      throw new RangeError('not wanted');
    },
    partData: () => assert.fail('nothing comes after an error'),
    partEnd: () => {},
    formEnd: () => {},
  };
  const parser = new MultipartParser(BOUNDARY, handler, LIMITS);
  assert.throws(() => parser.write(bytes(part('a', '1'))), RangeError);
  assert.throws(() => parser.write(bytes(part('a', '1'))), { code: 'MALFORMED' });
  assert.throws(() => parser.end(), { code: 'TRUNCATED' });
});

test('MPF.2: a long run of hyphens after the boundary is an end with something behind it', () => {
  const body = bytes(`${part('a', '1')}--x-y${'-'.repeat(1_000_000)}`);
  assert.equal(parse([body])[0]?.data, '1');
});

test('MPF.2: what almost matches the boundary for megabytes costs no more than the bytes themselves', () => {
  const boundary = 'b'.repeat(70);
  const near = `\r\n--${'b'.repeat(69)}`;
  const body = bytes(`${part('a', near.repeat(40_000), boundary)}--${boundary}--`);
  const whole = parse([body], { boundary });
  assert.equal(whole[0]?.data.length, near.length * 40_000);

  // Work that grew with the square of the size would take minutes here, and the run has a time limit.
  const bytewise = body.subarray(body.length - 400_000);
  const head = bytes(part('a', '', boundary)).subarray(0, -2);
  const chunks = [head, ...Array.from(bytewise, (_, at) => bytewise.subarray(at, at + 1))];
  assert.equal(parse(chunks, { boundary })[0]?.data.length, bytewise.length - `\r\n--${boundary}--`.length);
});
