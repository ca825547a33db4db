import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify from 'fastify';
import { tokenOf } from '../../../../testing/store/store-fixture.ts';
import type { Principal } from '../../src/domain/accounts/account.ts';
import { authenticateRequests, type RoutePermission } from '../../src/http/authentication.ts';
import { answerErrors } from '../../src/http/errors/errors.ts';

test('a route that does not say whom it serves serves nobody, whatever the key', async (t) => {
  const app = Fastify();
  t.after(() => app.close());
  const administrator = { token: tokenOf('a'), user: {}, organization: { name: 'default' } } as Principal;
  const authenticate = async (key: string) => (key === 'right' ? administrator : undefined);
  answerErrors(app, () => []);
  authenticateRequests(app, {
    authenticate,
    authenticateForMetrics: authenticate,
    workspaces: { find: () => Promise.reject(new Error('No route names one.')) },
  });
  const served = (path: string, permission?: RoutePermission) =>
    app.get(path, { config: permission === undefined ? {} : { permission } }, () => 'served');
  served('/silent');
  served('/public', 'public');
  served('/any', 'any');
  const cases: [string, number, number, number][] = [
    ['/silent', 401, 401, 403],
    ['/public', 200, 200, 200],
    ['/any', 401, 401, 200],
  ];
  for (const [url, ...statuses] of cases) {
    const answers: number[] = [];
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: 'Bearer right' }]) {
      answers.push((await app.inject({ method: 'GET', url, headers })).statusCode);
    }
    assert.deepEqual(answers, statuses, url);
  }
});
