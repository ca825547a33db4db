import assert from 'node:assert/strict';
import type { Server } from '../../../packages/server/src/app.ts';
import type { FileRecord } from '../../../packages/server/src/domain/file.ts';
import { findUnknownObjects } from '../../../packages/server/src/service/cleanup/unknown-objects.ts';
import { listAll } from '../../../packages/server/src/service/every-object.ts';
import { strayRows } from './database.ts';
import { drain, type Stage } from './stage.ts';
import { ORPHAN_SIDECARS, type Upload } from './uploads.ts';

/** A file as the workspace must hold it. */
export type Expected = { name: string; content: string; metadata: object };

/** What uploads come to where no name is taken. */
export const expectedFiles = (uploads: readonly Upload[]): Expected[] =>
  uploads
    .filter(({ reason }) => reason === null)
    .map(({ name, content, sidecar }) => ({ name, content, metadata: JSON.parse(sidecar ?? '{}') }));

/** That a session is through, its counters exact, and every one of its files in a final state, once. */
export const expectSession = async (
  { server, call }: Pick<Stage, 'server' | 'call'>,
  id: string,
  uploads: readonly Upload[],
  reasonOf: (upload: Upload) => string | null = ({ reason }) => reason,
): Promise<void> => {
  const { body } = await call('GET', `/upload_sessions/${id}`);
  const failed = uploads.filter((upload) => reasonOf(upload) !== null).length;
  assert.deepEqual(
    { total: body.total_files, pending: body.pending_files, ...body.ingestion_status },
    { total: uploads.length, pending: 0, finished_files: uploads.length - failed, failed_files: failed },
  );
  assert.notEqual(body.ingested_at, null);
  const page = { limit: 100_000, pageNumber: 1, before: null, after: null, status: null };
  const rows = (await server.store.read.sessionFiles.list({ ...page, sessionId: id }))?.rows ?? [];
  const outcome = (name: string, reason: string | null) =>
    `${name} ${reason === null ? 'FINISHED' : `FAILED ${reason}`}`;
  assert.deepEqual(
    rows
      .map(({ name, status, reason }) => `${name} ${reason === null ? status : `${status} ${reason}`}`)
      .sort(),
    uploads.map((upload) => outcome(upload.name, reasonOf(upload))).sort(),
  );
  const finished = rows.filter(({ status }) => status === 'FINISHED');
  assert.equal(new Set(finished.map(({ fileId }) => fileId)).size, finished.length);
  const session = await server.store.read.sessions.byId(id);
  if (uploads.length > 0)
    assert.deepEqual([...(session?.orphanSidecars ?? [])].sort(), [...ORPHAN_SIDECARS].sort());
};

/** That the workspace holds these files and no others, in the order of their names, with these bytes. */
export const expectFiles = async (server: Server, expected: readonly Expected[]): Promise<FileRecord[]> => {
  const { read } = server.store;
  const [organization] = await read.accounts.organizations();
  const workspace = await read.workspaces.byName(organization?.id ?? '', 'default');
  const search = { workspaceId: workspace?.id ?? '', name: null, filter: null, includeTemporary: true };
  const sort = { field: 'name', order: 'ASC' } as const;
  const files = await read.files.list(search, { sort, limit: 100_000, offset: 0 });
  assert.equal(await read.files.count(search), files.length);
  const bodies = await server.objects.readMany(
    files.map(({ objectKey: key }) => ({ key })),
    1024 ** 2,
  );
  const found = files.map(({ name, metadata, objectKey }) =>
    textOf({ name, metadata, content: String(bodies.get(objectKey)) }),
  );
  assert.deepEqual(found.sort(), expected.map(textOf).sort());
  return files;
};

const textOf = ({ name, content, metadata }: Expected): string => JSON.stringify([name, content, metadata]);

const TWO_DAYS = 2 * 86_400 + 60;

/**
 * That nothing is left over: no row without its like, no object but those of files, no garbage. Puts the clock past the
 * time in which late uploads may come, and sweeps.
 */
export const expectNothingLeft = async (
  stage: Stage,
  worker: Server,
  files: readonly FileRecord[],
): Promise<void> => {
  stage.advance(TWO_DAYS);
  await drain(worker);
  assert.deepEqual(await strayRows(stage.settings), []);
  const found = await findUnknownObjects({ ...worker, clock: stage.clock }, { grace: 0, limit: 1000 });
  assert.deepEqual(found.unknown, []);
  // A process that is killed while it tries the store leaves what it tried it with to the next one that starts.
  const keys = (await listAll(worker.objects, ''))
    .map(({ key }) => key)
    .filter((key) => !key.startsWith('sluice-check/'));
  assert.deepEqual(keys.sort(), files.map(({ objectKey }) => objectKey).sort());
};
