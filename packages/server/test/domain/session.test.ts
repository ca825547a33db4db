import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secondsSince } from '../../src/domain/instant.ts';
import { sessionStatus } from '../../src/domain/session.ts';

test('LIF.15: only expiry asks the clock', () => {
  const open = { closedAt: null, listedAt: null, expiresAt: 100 };
  assert.equal(sessionStatus(open, 99), 'OPEN');
  assert.equal(sessionStatus(open, 100), 'EXPIRED');
  assert.equal(sessionStatus({ ...open, closedAt: 145 }, 0), 'CLOSED');
  assert.equal(sessionStatus({ ...open, listedAt: 145 }, 0), 'EXPIRED');
  assert.equal(secondsSince(45_000_000, 1), 0);
});
