import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTemporaryStore } from '../../../../../testing/store/open-sqlite-store.ts';
import {
  ORGANIZATION,
  prepareStore,
  SPACE,
  tokenOf,
  USER,
  workspaceOf,
} from '../../../../../testing/store/store-fixture.ts';
import type { Principal, Token } from '../../../src/domain/accounts/account.ts';
import { uuidAt } from '../../../src/domain/uuid.ts';
import { createTokens, type TokenRequest } from '../../../src/service/accounts/tokens.ts';

const NOW = 100;

test('AUT.3: a key makes none that reaches further, or lasts longer, or has ended', async () => {
  const store = await prepareStore(openTemporaryStore);
  const other = workspaceOf('other');
  await store.write((tx) => tx.workspaces.insert(other), 'short');
  let made = 0;
  const newId = () => uuidAt(NOW + made++);
  const tokens = createTokens({ store, clock: () => NOW, newId });
  const make = async (given: Partial<Token>, asked: Partial<TokenRequest>) => {
    const maker = tokenOf(newId(), given);
    await store.write((tx) => tx.accounts.insertToken(maker), 'short');
    const principal = { token: maker, user: { id: USER }, organization: { id: ORGANIZATION } } as Principal;
    const all = { name: null, expiresAt: null, personal: true, permissions: null, workspaces: null } as const;
    return tokens.create(principal, { ...all, role: maker.role, ...asked }).then(
      ({ token }) => token,
      (error: { code: string }) => error.code,
    );
  };
  const limited = { workspaceIds: [SPACE.id] };
  const ending = { expiresAt: 200 };
  const cases: [Partial<Token>, Partial<TokenRequest>, Partial<Token> | string][] = [
    [{}, {}, { workspaceIds: null, expiresAt: null }],
    [{}, { workspaces: ['other'] }, { workspaceIds: [other.id] }],
    [{}, { workspaces: ['nowhere'] }, 'INVALID'],
    [limited, {}, limited],
    [limited, { workspaces: ['space'] }, limited],
    [limited, { workspaces: ['other'] }, 'INVALID'],
    [limited, { workspaces: ['space', 'other'] }, 'INVALID'],
    [{}, { expiresAt: NOW }, 'INVALID'],
    [{}, { expiresAt: NOW + 1 }, { expiresAt: NOW + 1 }],
    [ending, {}, ending],
    [ending, { expiresAt: 150 }, { expiresAt: 150 }],
    [ending, { expiresAt: 300 }, ending],
    [{ role: 'MEMBER' }, { role: 'ADMIN' }, 'FORBIDDEN'],
    [{ role: 'MEMBER' }, { personal: false }, 'FORBIDDEN'],
    [{ permissions: ['files:read'] }, { permissions: ['files:write'] }, 'FORBIDDEN'],
  ];
  for (const [given, asked, expected] of cases) {
    const outcome = await make(given, asked);
    const what = JSON.stringify([given, asked]);
    if (typeof outcome === 'string' || typeof expected === 'string') assert.equal(outcome, expected, what);
    else assert.deepEqual({ ...outcome, ...expected }, outcome, what);
  }
});
