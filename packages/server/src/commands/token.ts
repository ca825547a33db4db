import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { PERMISSIONS, type Permission, ROLE_PERMISSIONS, ROLES, type Role } from '@sluice/contract';
import { FIRST_ORGANIZATION } from '../domain/accounts/account.ts';
import { hashToken, TOKEN_BYTES, tokenFromBytes } from '../domain/accounts/tokens.ts';
import { uuidAt } from '../domain/uuid.ts';
import { openStore } from '../open-store.ts';
import { FIRST_ADMINISTRATOR, FULL_PLAN } from '../service/accounts/first-start.ts';
import type { Config } from '../settings/config.ts';
import { systemClock } from '../system-clock.ts';
import { UsageError } from './usage-error.ts';

/** `sluiced token create`: prints a new key. */
export const tokenCommand = async (config: Config, [verb, ...args]: string[]): Promise<void> => {
  if (verb !== 'create') throw new UsageError('token takes create');
  console.log(await createToken(config, args));
};

/**
 * Makes a key straight in the store, for an operator who has lost the first one or wants another organization. Works
 * beside running servers.
 */
export const createToken = async (config: Config, args: string[]): Promise<string> => {
  const { values } = parseArgs({
    args,
    options: {
      organization: { type: 'string', default: FIRST_ORGANIZATION },
      email: { type: 'string', default: FIRST_ADMINISTRATOR },
      role: { type: 'string', default: 'MEMBER' },
      permission: { type: 'string', multiple: true },
      workspace: { type: 'string', multiple: true },
      plan: { type: 'string', default: String(FULL_PLAN) },
    },
  });
  const role = ROLES.find((known) => known === values.role);
  if (!role) throw new UsageError(`--role takes ${ROLES.join(', ')}`);
  const permissions = readPermissions(role, values.permission);
  if (!/^[0-3]$/.test(values.plan)) throw new UsageError('--plan takes 0, 1, 2 or 3');
  for (const name of ['organization', 'email'] as const) {
    if (values[name].trim() === '') throw new UsageError(`--${name} must not be empty`);
  }
  const clock = systemClock();
  const newId = () => uuidAt(clock());
  const store = await openStore(config.storage);
  const key = tokenFromBytes(randomBytes(TOKEN_BYTES));
  try {
    await store.write(async (tx) => {
      let organization = await tx.accounts.organizationByName(values.organization);
      if (!organization) {
        organization = { id: newId(), name: values.organization, pricingPlan: Number(values.plan) };
        await tx.accounts.insertOrganization(organization);
      }
      let user = await tx.accounts.userByEmail(organization.id, values.email);
      if (!user) {
        const [givenName = '', domain = ''] = values.email.split('@');
        user = {
          id: newId(),
          organizationId: organization.id,
          givenName,
          familyName: domain,
          email: values.email,
          role,
          deleted: false,
        };
        await tx.accounts.insertUser(user);
      }
      const workspaceIds = new Set<string>();
      for (const name of values.workspace ?? []) {
        const workspace = await tx.workspaces.byName(organization.id, name);
        if (!workspace) throw new Error(`there is no workspace named "${name}"`);
        workspaceIds.add(workspace.id);
      }
      await tx.accounts.insertToken({
        id: newId(),
        organizationId: organization.id,
        userId: user.id,
        name: 'made by sluiced token create',
        hash: hashToken(key),
        role,
        permissions,
        workspaceIds: values.workspace ? [...workspaceIds].sort() : null,
        createdAt: clock(),
        expiresAt: null,
        createdByTokenId: null,
        parentId: null,
      });
    }, 'short');
  } finally {
    await store.close();
  }
  return key;
};

/** Null for all of the role. */
const readPermissions = (role: Role, given: readonly string[] | undefined): Permission[] | null => {
  if (given === undefined) return null;
  const ofRole = ROLE_PERMISSIONS[role];
  for (const name of given) {
    if (!PERMISSIONS.some((known) => known === name)) {
      throw new UsageError(`--permission takes ${PERMISSIONS.join(', ')}`);
    }
    if (!ofRole.some((known) => known === name)) {
      throw new UsageError(
        `--permission ${name}: the role ${role} has only ${ofRole.join(', ')}; see --role`,
      );
    }
  }
  return ofRole.filter((permission) => given.includes(permission));
};
