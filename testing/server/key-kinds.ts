import { type Permission, ROLE_PERMISSIONS, ROLES } from '@sluice/contract';
import type { Powers } from '../../packages/server/src/domain/accounts/access.ts';

export const powersOf = (given: Partial<Powers> = {}): Powers => ({
  role: 'ADMIN',
  permissions: null,
  workspaceIds: null,
  expiresAt: null,
  ...given,
});

/** Every key that can be told apart by what it can do, with the workspaces `a` and `b` and the times 10 and 20. */
export const everyPowers = (): Powers[] =>
  ROLES.flatMap((role) =>
    [null, ...subsetsOf(ROLE_PERMISSIONS[role])].flatMap((permissions) =>
      [null, [], ['a'], ['b'], ['a', 'b']].flatMap((workspaceIds) =>
        [null, 10, 20].map((expiresAt) => ({ role, permissions, workspaceIds, expiresAt })),
      ),
    ),
  );

/** But the empty one. */
const subsetsOf = (permissions: readonly Permission[]): Permission[][] =>
  Array.from({ length: 2 ** permissions.length - 1 }, (_, at) =>
    permissions.filter((_one, bit) => ((at + 1) >> bit) & 1),
  );
