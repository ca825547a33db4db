import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { ROLES } from '@sluice/contract';
import type { Config } from '../config.ts';
import { hashToken, TOKEN_BYTES, tokenFromBytes } from '../domain/tokens.ts';
import { uuidAt } from '../domain/uuid.ts';
import { openStore } from '../open-store.ts';
import { FIRST_ADMINISTRATOR, FIRST_ORGANIZATION, FULL_PLAN } from '../service/first-start.ts';
import { systemClock } from '../system-clock.ts';
import { UsageError } from './usage-error.ts';

/** `sluiced token create`: prints a new key. */
export const tokenCommand = async (config: Config, [verb, ...args]: string[]): Promise<void> => {
  if (verb !== 'create') throw new UsageError();
  console.log(await createToken(config, args));
};

/**
 * Makes a key straight in the store, for an operator who has lost the first one or wants another organisation. Works
 * beside running servers.
 */
export const createToken = async (config: Config, args: string[]): Promise<string> => {
  const { values } = parseArgs({
    args,
    options: {
      organization: { type: 'string', default: FIRST_ORGANIZATION },
      email: { type: 'string', default: FIRST_ADMINISTRATOR },
      role: { type: 'string', default: 'MEMBER' },
      workspace: { type: 'string', multiple: true },
      plan: { type: 'string', default: String(FULL_PLAN) },
    },
  });
  const role = ROLES.find((known) => known === values.role);
  if (!role) throw new UsageError(`--role takes ${ROLES.join(', ')}`);
  if (!/^[0-3]$/.test(values.plan)) throw new UsageError('--plan takes 0, 1, 2 or 3');
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
      const workspaceIds: string[] = [];
      for (const name of values.workspace ?? []) {
        const workspace = await tx.workspaces.byName(organization.id, name);
        if (!workspace) throw new Error(`there is no workspace named "${name}"`);
        workspaceIds.push(workspace.id);
      }
      await tx.accounts.insertToken({
        id: newId(),
        organizationId: organization.id,
        userId: user.id,
        name: 'made by sluiced token create',
        hash: hashToken(key),
        role,
        workspaceIds: values.workspace ? workspaceIds : null,
        createdAt: clock(),
        expiresAt: null,
      });
    });
  } finally {
    await store.close();
  }
  return key;
};
