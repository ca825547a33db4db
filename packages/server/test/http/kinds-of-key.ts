import { API_KEY, type Harness } from '../../../../testing/server/harness.ts';
import { createToken } from '../../src/commands/token.ts';
import { hashToken } from '../../src/domain/accounts/tokens.ts';
import { uuidOf } from '../../src/domain/uuid.ts';
import { readConfig } from '../../src/settings/config.ts';

/** A key, what it may do, and whether it reaches the workspace `default`. Null for what is no key that works. */
export type KindOfKey = { key: string | null; may: readonly string[] | null; reaches: boolean };

export const ALL = ['sessions:write', 'files:read', 'files:write', 'admin'];
const MEMBER = ['sessions:write', 'files:read', 'files:write'];

/** Makes a key as the operator does, on the server's machine. */
export const operatorKey = async (h: Harness, ...args: string[]): Promise<string> => {
  const result = readConfig(h.storageSettings);
  if ('problems' in result) throw new Error(result.problems.join());
  return createToken(result.config, args);
};

export const keyOf = async (h: Harness, request: object, maker = API_KEY): Promise<string> => {
  const made = await h.call('POST', '/api/v1/token', request, maker);
  if (made.status !== 200) throw new Error(`${made.status} ${JSON.stringify(made.body)}`);
  return made.body.api_token;
};

/** One of each kind, over the workspaces `default` and `other`. */
export const kindsOfKey = async (h: Harness): Promise<Record<string, KindOfKey>> => {
  await h.call('POST', '/api/v1/workspaces', { name: 'other' });
  const kind = async (
    request: { organization_role?: string; permissions?: string[]; workspaces?: string[] },
    may: readonly string[],
  ): Promise<KindOfKey> => ({
    key: await keyOf(h, request),
    may,
    reaches: request.workspaces?.includes('default') ?? true,
  });
  const dead = (key: string | null): KindOfKey => ({ key, may: null, reaches: false });
  const expired = await keyOf(h, { expires_at: new Date(h.clock() / 1000 + 1000).toISOString() });
  const deleted = await h.call('POST', '/api/v1/token', {});
  await h.call('DELETE', `/api/v1/token/${deleted.body.api_token_id}`);
  await addKeyOfDeletedUser(h, 'api_key_of_a_deleted_user');
  h.advance(2);
  return {
    'no key': dead(null),
    'an unknown key': dead('api_wrong_key_0123456789'),
    'an expired key': dead(expired),
    'a deleted key': dead(deleted.body.api_token),
    'a key of a deleted user': dead('api_key_of_a_deleted_user'),
    'another organization': {
      key: await operatorKey(h, '--organization', 'another', '--role', 'ADMIN'),
      may: ALL,
      reaches: false,
    },
    'an administrator': { key: API_KEY, may: ALL, reaches: true },
    'an administrator of here': await kind({ organization_role: 'ADMIN', workspaces: ['default'] }, ALL),
    'an administrator of elsewhere': await kind({ organization_role: 'ADMIN', workspaces: ['other'] }, ALL),
    'one that only administers': await kind({ organization_role: 'ADMIN', permissions: ['admin'] }, [
      'admin',
    ]),
    'a member': await kind({}, MEMBER),
    'a member of here': await kind({ workspaces: ['default'] }, MEMBER),
    'a member of elsewhere': await kind({ workspaces: ['other'] }, MEMBER),
    'a member of nowhere': await kind({ workspaces: [] }, MEMBER),
    'one that only uploads': await kind({ permissions: ['sessions:write'] }, ['sessions:write']),
    'one that only uploads elsewhere': await kind(
      { permissions: ['sessions:write'], workspaces: ['other'] },
      ['sessions:write'],
    ),
    'one that only reads': await kind({ permissions: ['files:read'] }, ['files:read']),
    'one that only writes': await kind({ permissions: ['files:write'] }, ['files:write']),
    'an external one': await kind({ organization_role: 'EXTERNAL' }, ['files:read']),
    'an external one of elsewhere': await kind({ organization_role: 'EXTERNAL', workspaces: ['other'] }, [
      'files:read',
    ]),
  };
};

const addKeyOfDeletedUser = ({ server: { store } }: Harness, key: string): Promise<void> =>
  store.write(async (tx) => {
    const organization = await tx.accounts.organizationByName('default');
    if (!organization) throw new Error('there is no first organization');
    const user = {
      id: uuidOf('leaver'),
      organizationId: organization.id,
      givenName: 'Left',
      familyName: 'Us',
      email: 'leaver@example.org',
      role: 'ADMIN',
      deleted: true,
    } as const;
    await tx.accounts.insertUser(user);
    await tx.accounts.insertToken({
      id: uuidOf('key of leaver'),
      organizationId: organization.id,
      userId: user.id,
      name: null,
      hash: hashToken(key),
      role: 'ADMIN',
      permissions: null,
      workspaceIds: null,
      createdAt: 1,
      expiresAt: null,
      createdByTokenId: null,
      parentId: null,
    });
  }, 'short');
