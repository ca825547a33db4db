import Type from 'typebox';
import { Nullable, OneOf, Timestamp, Uuid, WorkspaceName } from './formats.ts';
import { Page, PageQuery } from './paging.ts';
import { PERMISSIONS, ROLES } from './words.ts';

export const User = Type.Object({
  user_id: Uuid(),
  given_name: Type.String(),
  family_name: Type.String(),
  email: Type.String(),
  deleted: Type.Boolean(),
  oauth_provider: Type.String(),
  organization: Type.Object({
    organization_id: Uuid(),
    name: Type.String(),
    role: Type.String(),
    pricing_plan: Type.Integer({ minimum: 0, maximum: 3, description: '0 has no upload sessions.' }),
    workspaces: Type.Array(Type.Object({ name: Type.String(), role: Type.String() })),
  }),
});
export type User = Type.Static<typeof User>;

export const UserPage = Page(User);
export type UserPage = Type.Static<typeof UserPage>;

export const ListUsersQuery = Type.Object({
  ...PageQuery,
  include_deleted: Type.Optional(Type.Boolean({ default: false, description: 'Deleted users as well.' })),
  include_external: Type.Optional(
    Type.Boolean({ default: false, description: 'Users of the role EXTERNAL as well.' }),
  ),
});
export type ListUsersQuery = Type.Static<typeof ListUsersQuery>;

export const Organization = Type.Object({ organization_id: Uuid(), name: Type.String() });
export type Organization = Type.Static<typeof Organization>;

/** Workspaces that a key can be limited to. */
export const MAX_TOKEN_WORKSPACES = 1_000;

export const CreateToken = Type.Object({
  name: Type.Optional(Nullable(Type.String({ maxLength: 200 }))),
  expires: Type.Optional(Type.Boolean({ default: true, description: 'false: expires_at is not regarded.' })),
  expires_at: Type.Optional(
    Nullable(
      Timestamp(
        'Any UTC offset, until 2255; later is the end of that. Absent, or later than the key that makes it expires: the ' +
          'time that one expires, if any.',
      ),
    ),
  ),
  personal: Type.Optional(
    Type.Boolean({
      default: true,
      description: 'false: the key belongs to a user made for it, not to the caller.',
    }),
  ),
  organization_role: Type.Optional(OneOf(ROLES, { default: 'MEMBER' })),
  permissions: Type.Optional(
    Nullable(
      Type.Array(OneOf(PERMISSIONS), {
        maxItems: PERMISSIONS.length,
        description:
          'What it may do, within what its role and the key that makes it may. Absent: all of that.',
      }),
    ),
  ),
  workspaces: Type.Optional(
    Nullable(
      Type.Array(WorkspaceName(), {
        description: 'Names the key is limited to; a name twice is one. Absent: all of them.',
        maxItems: MAX_TOKEN_WORKSPACES,
      }),
    ),
  ),
});
export type CreateToken = Type.Static<typeof CreateToken>;

export const CreatedToken = Type.Object({
  api_token: Type.String({ description: 'Shown this once; only its hash is kept.' }),
  api_token_id: Uuid(),
  expires_at: Nullable(Timestamp('When it stops working; null: never.')),
  permissions: Type.Array(OneOf(PERMISSIONS)),
});
export type CreatedToken = Type.Static<typeof CreatedToken>;

export const Token = Type.Object({
  api_token_id: Uuid(),
  name: Nullable(Type.String()),
  created_at: Timestamp(),
  expires_at: Nullable(Timestamp()),
  organization_role: OneOf(ROLES),
  permissions: Type.Array(OneOf(PERMISSIONS)),
  workspaces: Nullable(Type.Array(Type.String())),
  created_by_token_id: Nullable(
    Uuid('The key it was made with, which may be gone; null: made on the server, or before that was kept.'),
  ),
  user: Type.Object({ user_id: Uuid(), given_name: Type.String(), family_name: Type.String() }),
});
export type Token = Type.Static<typeof Token>;

export const ListTokensQuery = Type.Object({ ...PageQuery });
export type ListTokensQuery = Type.Static<typeof ListTokensQuery>;
export const TokenPage = Page(Token);
export type TokenPage = Type.Static<typeof TokenPage>;

export const DeleteTokenQuery = Type.Object({
  with_children: Type.Optional(
    Type.Boolean({
      default: false,
      description: 'true: also the keys that were made with it, those made with them, and so on.',
    }),
  ),
});

export const DeletedTokens = Type.Object({ deleted_count: Type.Integer({ minimum: 0 }) });
export type DeletedTokens = Type.Static<typeof DeletedTokens>;
