import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValidationErrorBody } from '@sluice/contract';
import fc from 'fast-check';
import Type from 'typebox';
import { Value } from 'typebox/value';
import { ROUTES } from '../../../../../testing/fastapi/fastapi.ts';
import { parseQueryString } from '../../../src/http/validation/query-string.ts';
import { compileRequestReader, type RequestSchemas } from '../../../src/http/validation/reader.ts';

const readers = Object.entries(ROUTES as Record<string, RequestSchemas>).map(([name, schemas]) => {
  const keys = [schemas.params, schemas.querystring, schemas.body].flatMap((schema) =>
    Object.keys((schema as { properties?: object } | undefined)?.properties ?? {}),
  );
  return { name, schemas, keys, read: compileRequestReader(schemas) };
});

const ID = '0123abcd-1234-5678-9abc-def012345678';

// biome-ignore format: a table
const TELLING = [
  'KEEP', 'CLOSED', 'closed', 'ASC', 'created_at', 'name', 'FAILED', 'ADMIN', 'true', 'off', '1', ' 7 ', '1.0', '1e400', ID,
  '{0123ABCD-1234-5678-9abc-def012345678}', '2022-05-12T12:25:09+02:00', '2022-05-12', '0001-01-01', '1652358309.5', '__proto__', 'constructor', '\ud800', '\0',
];
const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    1,
    -0,
    1.5,
    60,
    1e30,
    2 ** 53,
    -(2 ** 63),
    1.5e9,
    -62135596800001,
  ),
  fc.constantFrom<unknown>(...TELLING),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ unit: 'binary' }),
);
const { value: anything } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    { weight: 3, arbitrary: leaf },
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(fc.constantFrom('__proto__', 'constructor', 'toString', 'a'), fc.string()),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
}));

const ADMITTED = { workspace_name: 'w', session_id: ID, file_id: ID };

/** Objects with keys of the schema, as they are likely to pass, and anything else. */
const near = (keys: string[]) =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.dictionary(fc.constantFrom(...keys, '__proto__', 'other'), fc.oneof(leaf, anything)),
    },
    anything,
  );
const texts = (keys: string[]) =>
  fc.dictionary(
    fc.constantFrom(...keys, '__proto__', 'other'),
    fc.oneof(fc.constantFrom(...TELLING), fc.string({ unit: 'binary' })),
  );

const json = (value: unknown): string => JSON.stringify(value) ?? 'null';

for (const { name, schemas, keys, read } of readers) {
  test(`${name}: any request is read as its schemas say, or has problems`, () => {
    let admitted = 0;
    const sent = fc.record({
      params: fc.oneof(texts(keys), fc.constant(ADMITTED)),
      query: texts(keys).map((query) =>
        parseQueryString(new URLSearchParams(Object.entries(query)).toString()),
      ),
      body: near(keys),
    });
    fc.assert(
      fc.property(sent, ({ params, query, body }) => {
        const before = json([params, query]);
        const reading = read({
          params,
          query,
          body: Buffer.from(json(body)),
          contentType: 'application/json',
        });
        assert.equal(json([params, query]), before, 'what was sent is untouched');
        if ('problems' in reading) {
          assert.ok(reading.problems.length > 0);
          assert.ok(Value.Check(ValidationErrorBody, { detail: reading.problems, code: 'INVALID' }));
          for (const { loc } of reading.problems) assert.match(String(loc[0]), /^(?:path|query|body)$/);
        } else {
          admitted += 1;
          for (const [schema, value] of [
            [schemas.params, reading.params],
            [schemas.querystring, reading.query],
            [schemas.body, reading.body],
          ] as const) {
            if (!schema) continue;
            assert.ok(Value.Check(schema, value), json(value));
            assert.equal(Object.getPrototypeOf(value), Object.prototype);
          }
          // What was read reads the same once more: results are in the form that is asked for.
          const again = read({
            params: reading.params,
            query: reading.query,
            body: schemas.body && Buffer.from(json(reading.body)),
            contentType: 'application/json',
          });
          assert.deepEqual(again, reading);
        }
      }),
      { numRuns: 500 },
    );
    assert.ok(admitted > 0, 'some requests were admitted');
  });

  test(`${name}: any bytes of any type are read or have problems`, () => {
    const type = fc.option(
      fc.oneof(fc.constantFrom('application/json', 'application/a+json; charset=x', ';'), fc.string()),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        type,
        (body, contentType) => {
          const reading = read({ params: {}, query: {}, body, contentType: contentType ?? undefined });
          assert.ok('problems' in reading ? reading.problems.length > 0 : 'body' in reading);
        },
      ),
      { numRuns: 200 },
    );
  });
}

test('problems of any request can be sent', () => {
  const read = compileRequestReader({ body: Type.Object({ a: Type.Integer() }) });
  fc.assert(
    fc.property(anything, (a) => {
      const reading = read({
        params: {},
        query: {},
        body: Buffer.from(json({ a })),
        contentType: 'application/json',
      });
      assert.ok(JSON.parse(JSON.stringify(reading)));
    }),
  );
});
