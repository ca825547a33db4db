import type { Token } from '../../packages/server/src/domain/accounts/account.ts';
import type { Session, SessionFile } from '../../packages/server/src/domain/session.ts';
import { uuidOf } from '../../packages/server/src/domain/uuid.ts';
import type { Store } from '../../packages/server/src/service/ports/store.ts';

/** Opens an empty store. */
export type OpenStore = () => Promise<Store>;

export const ORGANIZATION = uuidOf('organization');
export const USER = uuidOf('user');

export const workspaceOf = (name: string, organizationId = ORGANIZATION) => ({
  id: uuidOf(`workspace ${name}`),
  organizationId,
  name,
  createdAt: 1,
  fileCount: 0,
  filesVersion: 0,
});

export const SPACE = workspaceOf('space');

export const sessionOf = (which: string | number, given: Partial<Session> = {}): Session => {
  const expiresAt = given.expiresAt ?? 1000;
  return {
    id: uuidOf(`session ${which}`),
    workspaceId: SPACE.id,
    createdBy: USER,
    tokenId: null,
    writeMode: 'KEEP',
    parallelProcessingEnabled: false,
    createdAt: 10,
    expiresAt,
    closedAt: null,
    endedAt: expiresAt,
    listedAt: null,
    ingestedAt: null,
    sweptAt: null,
    totalFiles: 0,
    finishedFiles: 0,
    failedFiles: 0,
    attempts: 0,
    orphanSidecars: [],
    ...given,
  };
};

export const sessionFileOf = (
  session: Session,
  which: string | number,
  given: Partial<SessionFile> = {},
): SessionFile => ({
  id: uuidOf(`${session.id} ${which}`),
  sessionId: session.id,
  name: `${which}.txt`,
  uploadKey: `uploads/${session.id}/${which}.txt`,
  size: 5,
  etag: 'e',
  sidecarKey: null,
  sidecarEtag: null,
  sidecarSize: null,
  status: 'PENDING',
  reason: null,
  message: null,
  fileId: null,
  createdAt: 20,
  ...given,
});

export const tokenOf = (which: string | number, given: Partial<Token> = {}): Token => ({
  id: uuidOf(`token ${which}`),
  organizationId: ORGANIZATION,
  userId: USER,
  name: null,
  hash: `hash ${which}`,
  role: 'ADMIN',
  permissions: null,
  workspaceIds: null,
  createdAt: 1,
  expiresAt: null,
  createdByTokenId: null,
  parentId: null,
  ...given,
});

/** An organization with a user and a workspace. */
export const prepareStore = async (open: OpenStore, organization = 'organization'): Promise<Store> => {
  const store = await open();
  await store.write(async (tx) => {
    await tx.accounts.insertOrganization({ id: ORGANIZATION, name: organization, pricingPlan: 1 });
    await tx.accounts.insertUser({
      id: USER,
      organizationId: ORGANIZATION,
      givenName: 'Given',
      familyName: 'Family',
      email: 'given@example.com',
      role: 'ADMIN',
      deleted: false,
    });
    await tx.workspaces.insert(SPACE);
  }, 'short');
  return store;
};
