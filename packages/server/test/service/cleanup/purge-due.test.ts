import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPurgeDue } from '../../../src/service/cleanup/purge-workspace.ts';

test('a deleted workspace is purged at once, and again when no form of it can be used any more', () => {
  const cases: [{ purgedAt: number | null; lastExpiry: number | null }, number, number, boolean][] = [
    [{ purgedAt: null, lastExpiry: 100 }, 50, 10, true],
    [{ purgedAt: 50, lastExpiry: 100 }, 100, 10, false],
    [{ purgedAt: 50, lastExpiry: 100 }, 109, 10, false],
    [{ purgedAt: 50, lastExpiry: 100 }, 110, 10, true],
    [{ purgedAt: 50, lastExpiry: null }, 50, 10, true],
    [{ purgedAt: 50, lastExpiry: 100 }, 50, 0, true],
  ];
  for (const [given, now, lateness, isDue] of cases) {
    const workspace = { id: 'w', organizationId: 'o', ...given };
    assert.equal(isPurgeDue(workspace, now, lateness), isDue, JSON.stringify([given, now, lateness]));
  }
});
