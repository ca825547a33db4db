import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BULK_LIMITS, MAX_FILTER_LENGTH, MAX_TOKEN_WORKSPACES } from '@sluice/contract';
import { API_KEY, startHarness } from '../../../../testing/server/harness.ts';
import { SHOWN } from '../../src/http/errors/shown-problems.ts';

type Schema = Record<string, unknown>;

/** Every place in a schema that admits a text, a list or a map of any size. */
const unlimited = (schema: Schema, at: string): string[] => {
  const found: string[] = [];
  const has = (word: string) => typeof schema[word] === 'number';
  const bounded = schema.enum !== undefined || schema.const !== undefined;
  if (schema.type === 'string' && !bounded && !has('maxLength')) found.push(`${at}: maxLength`);
  if (schema.type === 'array' && !has('maxItems')) found.push(`${at}: maxItems`);
  const isMap = schema.patternProperties !== undefined || (schema.additionalProperties ?? false) !== false;
  if (isMap && !has('maxProperties')) found.push(`${at}: maxProperties`);
  if (isMap && typeof (schema.propertyNames as Schema | undefined)?.maxLength !== 'number') {
    found.push(`${at}: propertyNames`);
  }
  for (const [word, below] of Object.entries(schema)) {
    if (['properties', 'patternProperties'].includes(word)) {
      for (const [key, inner] of Object.entries(below as Schema)) {
        found.push(...unlimited(inner as Schema, `${at}.${key}`));
      }
    } else if (['anyOf', 'oneOf', 'allOf'].includes(word)) {
      for (const inner of below as Schema[]) found.push(...unlimited(inner, at));
    } else if (word === 'items' || word === 'additionalProperties') {
      if (typeof below === 'object') found.push(...unlimited(below as Schema, `${at}[]`));
    }
  }
  return found;
};

test('every text, list and map of every request has a limit', async (t) => {
  const h = await startHarness(t);
  const { paths } = (await h.call('GET', '/openapi.json', undefined, null)).body;
  let operations = 0;
  for (const [path, methods] of Object.entries<Record<string, Schema>>(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      operations += 1;
      for (const { name, schema } of (operation.parameters ?? []) as { name: string; schema: Schema }[]) {
        assert.deepEqual(unlimited(schema, `${method} ${path} ${name}`), []);
      }
      const { content = {} } = (operation.requestBody ?? {}) as {
        content?: Record<string, { schema: Schema }>;
      };
      for (const { schema } of Object.values(content)) {
        assert.deepEqual(unlimited(schema, `${method} ${path}`), []);
      }
    }
  }
  assert.ok(operations > 20);
});

test('that walk finds what has none', () => {
  const open = {
    type: 'object',
    properties: {
      text: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      list: { type: 'array', items: { type: 'string' } },
      map: { type: 'object', patternProperties: { '^.*$': { type: 'string', maxLength: 1 } } },
    },
  };
  assert.deepEqual(unlimited(open, 'a'), [
    'a.text: maxLength',
    'a.list: maxItems',
    'a.list[]: maxLength',
    'a.map: maxProperties',
    'a.map: propertyNames',
  ]);
});

const many = (count: number, value: unknown = 'x') => new Array(count).fill(value);
const map = (count: number, value: unknown = {}) =>
  Object.fromEntries(many(count).map((_, at) => [String(at), value]));
const long = 'x'.repeat(100_000);
const FILE = '/api/v1/workspaces/default/files';

// biome-ignore format: a table
const TOO_MUCH: [string, string, unknown, string][] = [
  ['POST', '/api/v1/token', { workspaces: many(MAX_TOKEN_WORKSPACES + 1) }, 'too_long'],
  ['POST', '/api/v1/token', { workspaces: [long] }, 'string_too_long'],
  ['POST', '/api/v1/token', { name: long }, 'string_too_long'],
  ['POST', '/api/v1/token', { expires_at: `2030-01-01T00:00:00.${'0'.repeat(100)}Z` }, 'datetime_from_date_parsing'],
  ['DELETE', FILE, { names: many(BULK_LIMITS.names + 1) }, 'too_long'],
  ['DELETE', FILE, { names: [long] }, 'string_too_long'],
  ['POST', `${FILE}/update-meta`, map(BULK_LIMITS.files + 1), 'too_long'],
  ['POST', `${FILE}/update-meta`, { [long]: {} }, 'string_too_long'],
  ['POST', `${FILE}/update-meta`, { a: map(BULK_LIMITS.keys + 1, 1) }, 'too_long'],
  ['PATCH', `${FILE}/0123abcd-1234-5678-9abc-def012345678/meta`, map(BULK_LIMITS.keys + 1, 1), 'too_long'],
  ['PATCH', `${FILE}/0123abcd-1234-5678-9abc-def012345678/meta`, { [long]: 1 }, 'string_too_long'],
  ['POST', '/api/v1/workspaces', { name: 'x'.repeat(2000) }, 'string_too_long'],
  ['GET', `${FILE}?name=${'x'.repeat(2000)}`, undefined, 'string_too_long'],
  ['GET', `${FILE}?filter=${'x'.repeat(MAX_FILTER_LENGTH + 1)}`, undefined, 'string_too_long'],
  ['GET', `${FILE}?after_file_id=0123abcd-1234-5678-9abc-def012345678&after_value=${'x'.repeat(2000)}`, undefined, 'string_too_long'],
];

test('what is over a limit is refused, and shown by its beginning only', async (t) => {
  const h = await startHarness(t);
  for (const [method, path, body, type] of TOO_MUCH) {
    const { status, body: answer } = await h.call(method, path, body);
    assert.equal(status, 422, `${method} ${path.slice(0, 80)} ${JSON.stringify(answer).slice(0, 200)}`);
    assert.equal(answer.code, 'INVALID');
    assert.deepEqual(
      answer.detail.map((problem: { type: string }) => problem.type),
      [type],
    );
    assert.ok(JSON.stringify(answer).length < 3 * SHOWN.input, JSON.stringify(answer).slice(0, 200));
  }
});

test('many problems are answered by as many as an answer holds', async (t) => {
  const h = await startHarness(t);
  const { status, body } = await h.call('DELETE', '/api/v1/workspaces/default/files', {
    names: many(10_000, { a: long.slice(0, 300) }),
  });
  assert.equal(status, 422);
  assert.ok(body.detail.length > 10 && JSON.stringify(body).length < 1.1 * SHOWN.answer);
});

test('a route that needs little takes little, and says how much', async (t) => {
  const h = await startHarness(t);
  for (const [method, path, most] of [
    ['POST', '/api/v1/workspaces/default/upload_sessions', 64 * 1024],
    ['POST', '/api/v1/workspaces', 64 * 1024],
    ['DELETE', '/api/v1/workspaces/default', 64 * 1024],
    ['POST', '/api/v1/token', 1024 ** 2],
    ['PATCH', `${FILE}/0123abcd-1234-5678-9abc-def012345678/meta`, 1024 ** 2],
    ['POST', `${FILE}/update-meta`, 4 * 1024 ** 2],
    ['DELETE', FILE, 4 * 1024 ** 2],
  ] as const) {
    const refused = await h.call(method, path, `{"a":"${'x'.repeat(most)}"}`);
    assert.deepEqual(
      [refused.status, refused.body],
      [413, { detail: `The body is larger than ${most} bytes.`, code: 'BODY_TOO_LARGE' }],
      `${method} ${path}`,
    );
  }
});

test('a body in another coding is refused with what is taken, JSON and upload alike', async (t) => {
  const h = await startHarness(t);
  for (const path of ['/api/v1/workspaces', FILE]) {
    for (const [coding, status] of [
      ['gzip', 415],
      ['br, gzip', 415],
      ['identity', 422],
    ] as const) {
      const answer = await fetch(h.server.url + path, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${API_KEY}`,
          'content-encoding': coding,
          'content-type': path === FILE ? 'multipart/form-data; boundary=b' : 'application/json',
        },
        body: path === FILE ? '--b--' : '{}',
      });
      assert.equal(answer.status, path === FILE && status === 422 ? 400 : status, `${path} ${coding}`);
      if (status === 415) {
        assert.equal(answer.headers.get('accept-encoding'), 'identity');
        assert.equal(((await answer.json()) as { code: string }).code, 'UNSUPPORTED_MEDIA_TYPE');
      } else await answer.arrayBuffer();
    }
  }
});

test('no cache keeps an answer in JSON', async (t) => {
  const h = await startHarness(t);
  for (const path of [
    '/api/v1/me',
    '/ready',
    '/nothing',
    '/api/v1/workspaces/%zz',
    FILE,
    `${FILE}?limit=x`,
  ]) {
    assert.equal((await h.call('GET', path)).headers.get('cache-control'), 'no-store', path);
  }
  const { body } = await h.uploadFile('a.txt', 'content');
  const content = await h.ws('GET', `/files/${body.file_id}`);
  assert.equal(content.headers.get('cache-control'), 'private, no-cache');
});
