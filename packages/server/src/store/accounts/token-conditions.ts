import { PERMISSIONS, type Permission, ROLE_PERMISSIONS } from '@sluice/contract';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type Powers, permissionsOf, rolesUpTo } from '../../domain/accounts/access.ts';
import type { Dialect } from '../dialect.ts';

/** Permissions as they are stored: in their order, so that equal ones are equal texts. */
export const permissionsText = (permissions: readonly Permission[]): string =>
  JSON.stringify(PERMISSIONS.filter((permission) => permissions.includes(permission)));

/** `doesNoMore` of domain/accounts/access.ts, of the rows of `token`: what does no more than this meets them all. */
export const doesNoMoreThan = ({ listed, elements }: Dialect, than: Powers): RawBuilder<SqlBool>[] => {
  const conditions: RawBuilder<SqlBool>[] = [];
  const own = permissionsOf(than);
  if (own.length < PERMISSIONS.length) {
    const roles = rolesUpTo(than.role);
    const whole = roles.filter((role) => ROLE_PERMISSIONS[role].every((one) => own.includes(one)));
    conditions.push(
      sql`role in ${listed(roles)}`,
      sql`(permissions in ${listed(subsetsOf(own).map(permissionsText))}
        or permissions is null and role in ${listed(whole)})`,
    );
  }
  if (than.workspaceIds !== null) {
    // No list names a workspace twice, so a longer one holds something else; and most are of the same workspaces as this
    // one, in the same order. Others are gone through.
    const text = JSON.stringify(than.workspaceIds);
    conditions.push(
      sql`length(workspace_ids) <= ${text.length}`,
      sql`(workspace_ids = ${text} or not exists (
        select 1 from ${elements(sql`workspace_ids`)} where value not in ${listed(than.workspaceIds)}))`,
    );
  }
  if (than.expiresAt !== null) conditions.push(sql`expires_at <= ${than.expiresAt}`);
  return conditions;
};

const subsetsOf = (permissions: readonly Permission[]): Permission[][] => {
  const subsets: Permission[][] = [[]];
  for (const one of permissions) subsets.push(...subsets.map((subset) => [...subset, one]));
  return subsets;
};
