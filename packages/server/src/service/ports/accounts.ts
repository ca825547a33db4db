import type { Powers } from '../../domain/accounts/access.ts';
import type { Organization, Token, User } from '../../domain/accounts/account.ts';
import type { PageRequest, Rows } from './paging.ts';

/** Organizations. */
export interface OrganizationReader {
  organizations(): Promise<Organization[]>;
  organization(id: string): Promise<Organization | undefined>;
  organizationByName(name: string): Promise<Organization | undefined>;
}

/** Users of an organization. */
export interface UserReader {
  user(organizationId: string, id: string): Promise<User | undefined>;
  /** Those of these ids that there are, by id. */
  users(organizationId: string, ids: readonly string[]): Promise<Map<string, User>>;
  /** Newest first, those that match. */
  listUsers(organizationId: string, search: PageRequest & UserSearch): Promise<Rows<User>>;
  userByEmail(organizationId: string, email: string): Promise<User | undefined>;
}

/** API keys. */
export interface TokenReader {
  tokenByHash(hash: string): Promise<Token | undefined>;
  token(organizationId: string, id: string): Promise<Token | undefined>;
  /** Newest first, those that match. */
  tokens(organizationId: string, search: PageRequest & TokenSearch): Promise<Rows<Token>>;
}

export interface AccountReader extends OrganizationReader, UserReader, TokenReader {}

/** `id`: only this one is seen. Deleted users, and those of the role EXTERNAL, are left out unless they are asked for. */
export type UserSearch = { id?: string; includeDeleted: boolean; includeExternal: boolean };

/** `userId`: only the keys of that user. `within`: only those that do no more than this. */
export type TokenSearch = { userId?: string; within?: Powers };

export interface OrganizationWriter {
  /** False where the name is taken. */
  insertOrganization(organization: Organization): Promise<boolean>;
}

export interface UserWriter {
  insertUser(user: User): Promise<void>;
}

export interface TokenWriter {
  /** Makes other transactions that add or remove keys of this organization after the same call wait until this one ends. */
  lockTokens(organizationId: string): Promise<void>;
  insertToken(token: Token): Promise<void>;
  /**
   * Removes a key; those that were made with it stay, unless `withChildren`, with which all that descend from it go.
   * Resolves to how many went.
   */
  deleteToken(organizationId: string, id: string, options?: { withChildren?: boolean }): Promise<number>;
}

export interface AccountWriter extends OrganizationWriter, UserWriter, TokenWriter {}
