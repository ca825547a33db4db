import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify from 'fastify';
import { DomainError } from '../../../src/domain/errors.ts';
import { answerErrors } from '../../../src/http/errors/errors.ts';

test('what fails of ours is 500 in words that tell nothing, what is refused is told', async (t) => {
  const app = Fastify();
  t.after(() => app.close());
  answerErrors(app, () => []);
  const throwing = (path: string, error: Error) =>
    app.get(path, () => {
      throw error;
    });
  throwing('/failure', new TypeError('select secret from token'));
  throwing('/outage', new DomainError('STORAGE_UNAVAILABLE', 'Not now.'));
  throwing('/stranger', new DomainError('NOT_AUTHENTICATED', 'No key.'));
  throwing('/taken', new DomainError('NAME_TAKEN', 'It is taken.'));
  const cases: [string, number, object, Record<string, string>][] = [
    ['/failure', 500, { detail: 'Internal Server Error', code: 'INTERNAL_ERROR' }, {}],
    ['/outage', 503, { detail: 'Not now.', code: 'STORAGE_UNAVAILABLE' }, { 'retry-after': '5' }],
    ['/stranger', 401, { detail: 'No key.', code: 'NOT_AUTHENTICATED' }, { 'www-authenticate': 'Bearer' }],
    ['/taken', 409, { detail: 'It is taken.', code: 'NAME_TAKEN' }, {}],
    ['/nowhere', 404, { detail: 'Not Found', code: 'NOT_FOUND' }, {}],
  ];
  for (const [path, status, body, headers] of cases) {
    const answer = await app.inject({ method: 'GET', url: path });
    assert.deepEqual([answer.statusCode, answer.json()], [status, body], path);
    for (const name of ['retry-after', 'www-authenticate']) {
      assert.equal(answer.headers[name], headers[name], `${path} ${name}`);
    }
  }
});
