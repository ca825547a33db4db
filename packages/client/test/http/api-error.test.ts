import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiErrorOf } from '../../src/http/api-error.ts';

const CASES: { reply: Response; code: string; detail: string }[] = [
  {
    reply: Response.json({ detail: 'Not authenticated' }, { status: 401 }),
    code: 'NOT_AUTHENTICATED',
    detail: 'Not authenticated',
  },
  {
    reply: Response.json({ detail: 'Ten are open' }, { status: 406 }),
    code: 'LIMIT_REACHED',
    detail: 'Ten are open',
  },
  {
    reply: Response.json({ message: 'other shape' }, { status: 409 }),
    code: 'CONFLICT',
    detail: '{"message":"other shape"}',
  },
  {
    reply: new Response('<h1>Bad Gateway</h1>', { status: 502 }),
    code: 'UNAVAILABLE',
    detail: '<h1>Bad Gateway</h1>',
  },
  { reply: new Response('x'.repeat(9_999), { status: 500 }), code: 'SERVER_ERROR', detail: 'x'.repeat(300) },
  { reply: new Response(null, { status: 418 }), code: 'REFUSED', detail: 'The server gave no reason.' },
  { reply: Response.json({ detail: [null] }, { status: 422 }), code: 'INVALID', detail: '{"detail":[null]}' },
  { reply: Response.json(null, { status: 400 }), code: 'BAD_REQUEST', detail: 'null' },
];

for (const { reply, code, detail } of CASES) {
  test(`${reply.status} is ${code}: ${detail.slice(0, 30)}`, async () => {
    const error = await apiErrorOf(reply);
    assert.equal(error.status, reply.status);
    assert.equal(error.code, code);
    assert.equal(error.detail, detail);
    assert.deepEqual(error.problems, []);
    assert.equal(error.message, `${reply.status}: ${detail}`);
  });
}

test('every problem of a 422 is kept', async () => {
  const problems = [
    { type: 'enum', loc: ['body', 'write_mode'], msg: "Input should be 'KEEP'", input: 'MOVE' },
    { type: 'missing', loc: ['query', 'filter', 0], msg: 'Field required', input: null },
  ];
  const error = await apiErrorOf(Response.json({ detail: problems }, { status: 422 }));
  assert.equal(error.code, 'INVALID');
  assert.deepEqual(error.problems, problems);
  assert.equal(error.detail, "body.write_mode: Input should be 'KEEP'; query.filter.0: Field required");
});

test('what the server called it is kept, and one name of it is a code of its own', async () => {
  const taken = await apiErrorOf(Response.json({ detail: 'Taken.', code: 'NAME_TAKEN' }, { status: 409 }));
  assert.deepEqual([taken.code, taken.serverCode], ['CONFLICT', 'NAME_TAKEN']);
  const dear = await apiErrorOf(
    Response.json({ detail: 'Narrow.', code: 'QUERY_TOO_DEAR' }, { status: 503 }),
  );
  assert.deepEqual([dear.code, dear.serverCode], ['QUERY_TOO_DEAR', 'QUERY_TOO_DEAR']);
  const odd = await apiErrorOf(Response.json({ detail: 'Odd.', code: 7 }, { status: 500 }));
  assert.deepEqual([odd.code, odd.serverCode], ['SERVER_ERROR', null]);
});

test('WHK.2: a redirect is an error that says where it leads', async () => {
  const error = await apiErrorOf(
    new Response(null, { status: 308, headers: { location: 'https://b.example/' } }),
  );
  assert.equal(error.code, 'REFUSED');
  assert.match(error.detail, /^The server redirects to https:\/\/b\.example\/\./);
});

test('Retry-After is kept', async () => {
  const error = await apiErrorOf(new Response(null, { status: 503, headers: { 'retry-after': '5' } }));
  assert.equal(error.retryAfter, '5');
});
