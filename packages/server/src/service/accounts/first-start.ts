import { randomBytes } from 'node:crypto';
import { FIRST_ORGANIZATION, type User } from '../../domain/accounts/account.ts';
import { hashToken, TOKEN_BYTES, tokenFromBytes } from '../../domain/accounts/tokens.ts';
import { newWorkspace } from '../../domain/workspace.ts';
import type { ServiceContext } from '../context.ts';

/** E-mail address of the administrator that it makes; `.invalid` is never anybody's (RFC 2606). */
export const FIRST_ADMINISTRATOR = 'admin@sluice.invalid';

/** Highest plan: nothing is left out. */
export const FULL_PLAN = 3;

/**
 * Makes what an empty store needs to be used: an organization, its administrator, a workspace and a key.
 * @param keep puts the key where the operator finds it; called before anything is committed, so no key is lost
 * @returns the key, or undefined where the store was not empty
 */
export const prepareFirstStart = async (
  { store, clock, newId }: Pick<ServiceContext, 'store' | 'clock' | 'newId'>,
  wanted: { key: string | null; workspace: string },
  keep?: (key: string) => Promise<void>,
): Promise<string | undefined> => {
  if (await store.read.accounts.organizationByName(FIRST_ORGANIZATION)) return undefined;
  const key = wanted.key ?? tokenFromBytes(randomBytes(TOKEN_BYTES));
  await keep?.(key);
  const organization = { id: newId(), name: FIRST_ORGANIZATION, pricingPlan: FULL_PLAN };
  const user: User = {
    id: newId(),
    organizationId: organization.id,
    givenName: 'Sluice',
    familyName: 'Administrator',
    email: FIRST_ADMINISTRATOR,
    role: 'ADMIN',
    deleted: false,
  };
  const made = await store.write(async (tx) => {
    // Another process may have been quicker.
    if (!(await tx.accounts.insertOrganization(organization))) return false;
    await tx.accounts.insertUser(user);
    await tx.accounts.insertToken({
      id: newId(),
      organizationId: organization.id,
      userId: user.id,
      name: 'first key',
      hash: hashToken(key),
      role: 'ADMIN',
      permissions: null,
      workspaceIds: null,
      createdAt: clock(),
      expiresAt: null,
      createdByTokenId: null,
      parentId: null,
    });
    const first = newWorkspace({
      id: newId(),
      organizationId: organization.id,
      name: wanted.workspace,
      createdAt: clock(),
    });
    await tx.workspaces.insert(first);
    return true;
  }, 'short');
  return made ? key : undefined;
};
