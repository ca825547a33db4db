import { join } from 'node:path';
import type { FileRecord } from '../../packages/server/src/domain/file.ts';
import { fileKey } from '../../packages/server/src/domain/object-keys.ts';
import type { Store } from '../../packages/server/src/service/ports/store.ts';
import { openSqliteStore } from '../../packages/server/src/store/sqlite/store.ts';
import { idOf, type Row } from './rows.ts';

const BATCH = 500;

export type Rows = { from: number; to: number; at: (index: number) => Row };

/**
 * Puts rows of files straight into the database of a server that is not running, through the server's own store: a
 * million uploads would take an hour. Their objects are not there, and no list of files looks at them.
 */
export const insertFiles = async (dataFolder: string, rows: Rows): Promise<void> => {
  const store = await openSqliteStore(join(dataFolder, 'sluice.db'));
  try {
    const organization = await store.read.accounts.organizationByName('default');
    const workspace = organization && (await store.read.workspaces.byName(organization.id, 'default'));
    if (!workspace) throw new Error('The server made no workspace "default"');
    await insertInto(store, workspace, rows);
  } finally {
    await store.close();
  }
};

/** The same for a store that is open, and any workspace in it. */
export const insertInto = async (
  store: Store,
  workspace: { id: string; organizationId: string },
  { from, to, at }: Rows,
): Promise<void> => {
  for (let start = from; start < to; start += BATCH) {
    const files: FileRecord[] = [];
    for (let index = start; index < Math.min(start + BATCH, to); index++) {
      files.push(record(at(index), workspace.organizationId, workspace.id));
    }
    await store.write(async (tx) => {
      await tx.files.lockWorkspace(workspace.id);
      await tx.files.insertMany(files);
    }, 'short');
  }
};

const record = (row: Row, organizationId: string, workspaceId: string): FileRecord => {
  const id = idOf(row);
  return {
    id,
    workspaceId,
    name: row.name,
    size: row.size,
    characters: 0,
    createdAt: row.createdAt,
    metadata: row.metadata,
    objectKey: fileKey(organizationId, workspaceId, id),
    etag: id.replaceAll('-', ''),
    temporaryUntil: null,
  };
};
