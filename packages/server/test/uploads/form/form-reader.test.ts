import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FormReader } from '../../../src/uploads/form/form-reader.ts';
import { headOf, type KnownHeads, knownHeads } from '../../../src/uploads/form/known-heads.ts';

type Outcome =
  | { fields: [string, string][]; filename: string | undefined; data: string; offset: number }
  | { error: string };

/** Reads a body that comes in chunks, and says all there is to say of it. */
const read = (chunks: readonly Buffer[], boundary: string, heads: KnownHeads): Outcome => {
  let file: { fields: [string, string][]; filename: string | undefined; offset: number } | undefined;
  let data = '';
  const reader = new FormReader(boundary, heads, {
    fileBegin: (fields, filename, offset) => {
      file = { fields: [...fields], filename, offset };
      fields.clear(); // it is the receiver's
    },
    fileData: (slice) => {
      data += slice.toString('latin1');
    },
  });
  try {
    for (const chunk of chunks) reader.write(chunk);
    reader.end();
  } catch (error) {
    return { error: (error as { code: string }).code };
  }
  assert.ok(file);
  return { ...file, data };
};

type Field = { name: string; value: string; header: string };

const bodyOf = (fields: readonly Field[], file: Field, boundary: string): Buffer =>
  Buffer.from(
    `${[...fields, file]
      .map(({ name, value, header }, at) => {
        const filename = at === fields.length ? '; filename="f.txt"' : '';
        return `--${boundary}\r\n${header}Content-Disposition: form-data; name="${name}"${filename}\r\n\r\n${value}\r\n`;
      })
      .join('')}--${boundary}--\r\n`,
    'latin1',
  );

test('a form that is known is read as one that is not, whatever its boundary and however it comes', () => {
  const boundary = fc.constantFrom('a', 'b', 'aa', '-', 'x-y', '0123456789abcdef');
  const value = fc
    .array(
      fc.constantFrom(
        'a',
        'b',
        '"file"',
        'name="file"',
        '\r\n--',
        '\r\n--a',
        '\r\n--b',
        '\r\n\r\n',
        '\0',
        'policy',
        'é',
        '--',
      ),
      {
        maxLength: 4,
      },
    )
    .map((pieces) => pieces.join(''));
  const header = fc.constantFrom('', '', '', 'Content-Type: text/plain\r\n', '--a: x\r\n', '--b: x\r\n');
  const field = (name: fc.Arbitrary<string>) => fc.record({ name, value, header });
  const form = fc.tuple(
    fc.array(field(fc.constantFrom('key', 'policy', 'file2', 'x')), { maxLength: 3 }),
    field(fc.constant('file')),
  );
  fc.assert(
    fc.property(
      fc.array(form, { minLength: 1, maxLength: 3 }),
      fc.array(
        fc.tuple(fc.nat(2), boundary, fc.nat(400), fc.constantFrom('', '', '', '\r\n', '--a\r\n', 'xyz\r\n')),
        { minLength: 2, maxLength: 8 },
      ),
      (forms, uploads) => {
        const heads = knownHeads();
        for (const [index, used, cut, preamble] of uploads) {
          const [fields, file] = forms[index % forms.length] as (typeof forms)[0];
          const body = Buffer.concat([Buffer.from(preamble), bodyOf(fields, file, used)]);
          const chunks =
            cut < body.length && cut > 200 ? [body.subarray(0, cut), body.subarray(cut)] : [body];
          assert.deepEqual(
            read(chunks, used, heads),
            read(chunks, used, knownHeads()),
            body.toString('latin1'),
          );
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test('MPF.2: a value that begins like a boundary is no end of its part, the second time neither', () => {
  const heads = knownHeads();
  const file = { name: 'file', value: '', header: '' };
  for (const value of ['--xname="file"', '--x\r\nname="file"', '--x\r\n--x\r\n"file"']) {
    const body = bodyOf([{ name: 'key', value, header: '' }], file, 'x');
    const expected = read([body], 'x', knownHeads());
    for (let time = 0; time < 2; time++) assert.deepEqual(read([body], 'x', heads), expected);
  }
});

test('no text of a field passes for a boundary that was taken out', () => {
  const heads = knownHeads();
  const file = { name: 'file', value: '', header: '' };
  const one = [{ name: 'a', value: '1\0\r\nContent-Disposition: form-data; name="b"\r\n\r\n2', header: '' }];
  const two = ['1', '2'].map((value, at) => ({ name: 'ab'.charAt(at), value, header: '' }));
  for (const fields of [one, two, one]) {
    const body = bodyOf(fields, file, 'x');
    assert.deepEqual(read([body], 'x', heads), read([body], 'x', knownHeads()));
  }
});

test('the second upload with a form finds its head known, under another boundary too', () => {
  const heads = knownHeads();
  const fields = [
    { name: 'key', value: `p/\${filename}`, header: '' },
    { name: 'policy', value: 'x'.repeat(800), header: 'Content-Type: text/plain\r\n' },
  ];
  const upload = (boundary: string, value: string) =>
    bodyOf(fields, { name: 'file', value, header: '' }, boundary);
  const known = (boundary: string) => {
    const head = headOf(upload(boundary, ''), boundary);
    assert.ok(head);
    return heads.fieldsOf(head);
  };
  assert.equal(known('first'), undefined);
  const first = read([upload('first', 'one')], 'first', heads);
  assert.deepEqual(
    [...(known('second') ?? [])],
    [
      ['key', `p/\${filename}`],
      ['policy', 'x'.repeat(800)],
    ],
  );
  const second = read([upload('other', 'two')], 'other', heads);
  assert.deepEqual({ ...first, data: 'two' }, second);
  for (let at = 0; at < 100; at++) {
    const other = [{ name: 'key', value: String(at), header: '' }];
    read([bodyOf(other, { name: 'file', value: '', header: '' }, 'b')], 'b', heads);
  }
  assert.equal(known('first'), undefined, 'there is an end to what is remembered');
});

test('a form that is refused is not remembered', () => {
  const heads = knownHeads();
  const body = bodyOf(
    [{ name: 'key', value: 'a', header: '' }],
    { name: 'file', value: '', header: '' },
    'b',
  );
  const reader = new FormReader('b', heads, {
    fileBegin: () => {
      throw new RangeError('not this one');
    },
    fileData: () => {},
  });
  assert.throws(() => reader.write(body), RangeError);
  const head = headOf(body, 'b');
  assert.ok(head);
  assert.equal(heads.fieldsOf(head), undefined);
});
