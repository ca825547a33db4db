/** Where objects live. Ids are UUIDs, so that no part of a key but the last can hold a separator. */

/** Everything of one organization is below this. */
export const organizationPrefix = (organizationId: string): string => `${organizationId}/`;

/** Everything of one workspace is below this. */
export const workspacePrefix = (organizationId: string, workspaceId: string): string =>
  `${organizationPrefix(organizationId)}${workspaceId}/`;

/** What a session's form may write to; the rest of such a key is the file's name as it was sent. */
export const uploadPrefix = (organizationId: string, workspaceId: string, sessionId: string): string =>
  `${workspacePrefix(organizationId, workspaceId)}upload_sessions/${sessionId}/`;

/** Where the bytes of a file are once it is in the workspace. `contentId` is new for every content, not for every file. */
export const fileKey = (organizationId: string, workspaceId: string, contentId: string): string =>
  `${workspacePrefix(organizationId, workspaceId)}files/${contentId}`;

export type ObjectKey = { workspaceId: string } & (
  | { kind: 'file'; contentId: string }
  | { kind: 'upload'; sessionId: string }
);

/** Of an id, as keys have them. */
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * What a key says of its object; undefined for one that is not made by the rules above. A bucket may hold things of
 * others, such as backups, whose keys happen to have our form; ids, as ours have, they will not be made of.
 */
export const parseObjectKey = (key: string): ObjectKey | undefined => {
  const [organizationId = '', workspaceId = '', kind, id = '', ...name] = key.split('/');
  if (![organizationId, workspaceId, id].every((one) => UUID.test(one))) return undefined;
  if (kind === 'files' && name.length === 0) return { workspaceId, kind: 'file', contentId: id };
  if (kind === 'upload_sessions' && name.length > 0) return { workspaceId, kind: 'upload', sessionId: id };
  return undefined;
};

/** A key as the path of an address: every byte but `A-Z a-z 0-9 - _ . ~` and the slash escaped. */
export const keyPath = (key: string): string =>
  /^[\w\-.~/]*$/.test(key)
    ? key
    : encodeURIComponent(key)
        .replace(/%2F/g, '/')
        .replace(/[!'()*]/g, escapeOne);

const escapeOne = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
