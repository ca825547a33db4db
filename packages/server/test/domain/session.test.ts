import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secondsSince } from '../../src/domain/instant.ts';
import { type Session, sessionStatus, takesUploads } from '../../src/domain/session.ts';

test('LIF.15: only expiry asks the clock, and a session has expired at the very instant', () => {
  const cases: [Partial<Session>, number, string][] = [
    [{}, 0, 'OPEN'],
    [{}, 99, 'OPEN'],
    [{}, 100, 'EXPIRED'],
    [{}, 101, 'EXPIRED'],
    [{ closedAt: 50 }, 99, 'CLOSED'],
    [{ closedAt: 50 }, 100, 'CLOSED'],
    [{ closedAt: 145 }, 0, 'CLOSED'],
    [{ listedAt: 145 }, 0, 'EXPIRED'],
    [{ listedAt: 0 }, 0, 'EXPIRED'],
    [{ closedAt: 50, listedAt: 60 }, 0, 'CLOSED'],
  ];
  for (const [given, now, status] of cases) {
    const session = { closedAt: null, listedAt: null, expiresAt: 100, ...given };
    const what = `${JSON.stringify(given)} at ${now}`;
    assert.equal(sessionStatus(session, now), status, what);
    assert.equal(takesUploads(session, now), status === 'OPEN', what);
  }
});

test('no time that passed is negative, whichever clock is ahead', () => {
  assert.equal(secondsSince(1, 45_000_001), 45);
  assert.equal(secondsSince(45_000_000, 1), 0);
});
