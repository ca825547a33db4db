import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PERMISSIONS, type Permission, ROLES, type Role } from '@sluice/contract';
import { everyPowers, powersOf } from '../../../../../testing/server/key-kinds.ts';
import {
  ORGANIZATION,
  SPACE,
  tokenOf,
  USER,
  workspaceOf,
} from '../../../../../testing/store/store-fixture.ts';
import {
  type Asked,
  administers,
  doesNoMore,
  manages,
  may,
  type Powers,
  permissionsOf,
  reaches,
  seesUser,
  sessionsOnlyOf,
  wantedFor,
} from '../../../src/domain/accounts/access.ts';
import type { Principal } from '../../../src/domain/accounts/account.ts';

const principalOf = (given: Partial<Powers> = {}, organization = 'default'): Principal => ({
  token: tokenOf('own', powersOf(given)),
  user: {
    id: USER,
    organizationId: ORGANIZATION,
    givenName: 'Given',
    familyName: 'Family',
    email: 'given@example.com',
    role: 'ADMIN',
    deleted: false,
  },
  organization: { id: ORGANIZATION, name: organization, pricingPlan: 3 },
});

test('a key may what its role admits and its permissions name', () => {
  const rows: [Role, Permission[] | null, Permission[]][] = [
    ['ADMIN', null, ['sessions:write', 'files:read', 'files:write', 'admin']],
    ['MEMBER', null, ['sessions:write', 'files:read', 'files:write']],
    ['EXTERNAL', null, ['files:read']],
    ['ADMIN', ['sessions:write'], ['sessions:write']],
    ['MEMBER', ['sessions:write', 'files:read'], ['sessions:write', 'files:read']],
    ['EXTERNAL', ['files:read', 'admin'], ['files:read']],
    ['MEMBER', [], []],
  ];
  for (const [role, permissions, expected] of rows) {
    assert.deepEqual(permissionsOf({ role, permissions }), expected, `${role} ${permissions}`);
  }
});

test('what is refused says which permission it takes', () => {
  assert.equal(wantedFor('files:read'), 'files:read');
  assert.equal(wantedFor('keys:write'), 'files:write or admin');
  assert.equal(wantedFor('workspaces:create'), 'admin, and no limit to some workspaces');
});

test('what each permission opens, and nothing else does', () => {
  const asked: Record<Permission, Asked[]> = {
    'sessions:write': ['any', 'sessions:read', 'sessions:write'],
    'files:read': ['any', 'sessions:read', 'files:read', 'keys:read'],
    'files:write': ['any', 'files:write', 'keys:read', 'keys:write'],
    admin: ['any', 'keys:read', 'keys:write', 'workspaces:create', 'workspaces:delete', 'metrics'],
  };
  const all = new Set(Object.values(asked).flat());
  for (const permission of PERMISSIONS) {
    const principal = principalOf({ permissions: [permission] });
    const granted = [...all].filter((one) => may(principal, one));
    assert.deepEqual(granted.sort(), asked[permission].sort(), permission);
    assert.equal(administers(principal), permission === 'admin');
  }
  for (const one of all) assert.equal(may(principalOf({ permissions: [] }), one), false, one);
});

test('what is no affair of one workspace, or of one organization, is closed to their administrators', () => {
  const limited = principalOf({ workspaceIds: [SPACE.id] });
  const elsewhere = principalOf({}, 'other');
  const rows: [Asked, boolean, boolean][] = [
    ['workspaces:delete', true, true],
    ['workspaces:create', false, true],
    ['metrics', false, false],
    ['keys:write', true, true],
  ];
  for (const [asked, here, there] of rows) {
    assert.deepEqual([may(limited, asked), may(elsewhere, asked)], [here, there], asked);
  }
});

test('reach ends at the workspaces of the key and at the organization', () => {
  const foreign = workspaceOf('foreign', 'another');
  for (const [workspaceIds, space, other] of [
    [null, true, true],
    [[SPACE.id], true, false],
    [[], false, false],
  ] as const) {
    const principal = principalOf({ workspaceIds: workspaceIds && [...workspaceIds] });
    assert.equal(reaches(principal, SPACE), space);
    assert.equal(reaches(principal, workspaceOf('other')), other);
    assert.equal(reaches(principal, foreign), false);
  }
});

test('who reads all sees all sessions and users, who does not sees the own', () => {
  assert.equal(sessionsOnlyOf(principalOf()), undefined);
  assert.equal(
    sessionsOnlyOf(principalOf({ permissions: ['files:write', 'sessions:write'] })),
    tokenOf('own').id,
  );
  for (const [given, others] of [
    [{}, true],
    [{ role: 'EXTERNAL' }, true],
    [{ permissions: ['admin'] }, true],
    [{ permissions: ['sessions:write', 'files:write'] }, false],
    [{ workspaceIds: [SPACE.id] }, false],
  ] as [Partial<Powers>, boolean][]) {
    assert.equal(seesUser(principalOf(given), USER), true);
    assert.equal(seesUser(principalOf(given), 'somebody else'), others, JSON.stringify(given));
  }
});

/** Everything that a key can do: each permission in each of three workspaces at each of three times. */
const acts = (key: Powers): Set<string> => {
  const found = new Set<string>();
  for (const permission of permissionsOf(key)) {
    for (const workspace of ['a', 'b', 'c']) {
      for (const time of [5, 15, 25]) {
        if (key.workspaceIds?.includes(workspace) === false) continue;
        if (key.expiresAt !== null && key.expiresAt <= time) continue;
        found.add(`${permission} ${workspace} ${time}`);
      }
    }
  }
  return found;
};

test('a key does no more than another exactly if it can do nothing that the other cannot, in no higher role', () => {
  const all = everyPowers().filter(({ workspaceIds }) => workspaceIds?.length !== 0);
  const whatTheyDo = new Map(all.map((key) => [key, acts(key)]));
  let held = 0;
  for (const key of all) {
    for (const than of all) {
      const roleFits = ROLES.indexOf(key.role) >= ROLES.indexOf(than.role);
      const expected =
        roleFits && (whatTheyDo.get(key) as Set<string>).isSubsetOf(whatTheyDo.get(than) as Set<string>);
      if (doesNoMore(key, than) !== expected) {
        assert.fail(`${JSON.stringify(key)} than ${JSON.stringify(than)}: ${!expected}`);
      }
      held += Number(expected);
    }
  }
  assert.ok(held > all.length && held < all.length ** 2, 'both answers were met');
  const nowhere = powersOf({ workspaceIds: [] });
  assert.equal(doesNoMore(nowhere, powersOf({ workspaceIds: ['a'] })), true);
  assert.equal(doesNoMore(powersOf({ workspaceIds: ['a'] }), nowhere), false);
});

test('a key manages those of its user, and for an administrator those of others', () => {
  const mine = tokenOf('mine', { role: 'MEMBER' });
  const others = tokenOf('others', { role: 'MEMBER', userId: 'somebody else' });
  for (const [given, own, other] of [
    [{}, true, true],
    [{ permissions: ['admin'] }, false, false],
    [{ permissions: ['sessions:write', 'files:read', 'files:write'] }, true, false],
    [{ role: 'MEMBER' }, true, false],
    [{ role: 'MEMBER', workspaceIds: ['a'] }, false, false],
    [{ role: 'EXTERNAL' }, false, false],
    [{ expiresAt: 10 }, false, false],
  ] as [Partial<Powers>, boolean, boolean][]) {
    const principal = principalOf(given);
    assert.deepEqual(
      [manages(principal, mine), manages(principal, others)],
      [own, other],
      JSON.stringify(given),
    );
    assert.equal(manages(principal, principal.token), true, 'itself');
  }
});
