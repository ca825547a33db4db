import assert from 'node:assert/strict';
import type { Outcome, Uploaded } from '../actor.ts';
import { contentOf, type Document } from '../documents.ts';
import type { Workspace } from '../workspace.ts';

/** By name: the status, with the reason where there is one. */
export const outcomes = ({ results }: Uploaded): Record<string, string> =>
  Object.fromEntries(
    results.map(({ name, status, reason }) => [name, reason === null ? status : `${status} ${reason}`]),
  );

/** The same outcome for every name. */
export const each = (names: Iterable<string>, outcome: string): Record<string, string> =>
  Object.fromEntries(Array.from(names, (name) => [name, outcome]));

/** Every one finished, under these names, with an id that no other has; and so does its session say. */
export const assertFinished = async (
  workspace: Workspace,
  upload: Uploaded,
  names: readonly string[],
): Promise<void> => {
  assert.deepEqual(outcomes(upload), each(names, 'finished'));
  assert.equal(upload.results.length, names.length);
  assert.equal(new Set(upload.results.map(({ fileId }) => fileId)).size, names.length);
  const { ingestion_status, status } = await workspace.session(sessionOf(upload));
  assert.deepEqual(ingestion_status, { finished_files: names.length, failed_files: 0 });
  assert.equal(status, 'CLOSED');
};

export const sessionOf = ({ sessionId }: Uploaded): string => {
  assert.ok(sessionId !== null, 'there is a session');
  return sessionId;
};

/** The workspace holds these and nothing else, with their contents and metadata. */
export const assertHolds = async (workspace: Workspace, documents: readonly Document[]): Promise<void> => {
  const byName = await workspace.filesByName();
  assert.deepEqual([...byName.keys()].sort(), documents.map(({ name }) => name).sort());
  const contents = await workspace.contentsByName();
  for (const { name, content, meta } of documents) {
    assert.deepEqual(byName.get(name)?.meta, meta ?? {}, name);
    assert.ok(contents.get(name)?.equals(Buffer.from(content)), `the content of ${name}`);
    assert.equal(byName.get(name)?.size, Buffer.byteLength(content));
  }
};

/** Content and metadata of a file are of the same upload, whichever that was. */
export const assertOfOneUpload = async (
  workspace: Workspace,
  { file_id, name, meta }: { file_id: string; name: string; meta: Record<string, unknown> },
): Promise<void> => {
  assert.equal((await workspace.content(file_id)).toString(), contentOf(name, meta.version as number));
};

/** Those that did not finish, with a sentence that says why. */
export const assertExplained = (results: readonly Outcome[]): void => {
  for (const { name, status, message } of results)
    if (status !== 'finished') assert.match(message ?? '', /^[A-Z].*\.$/s, name);
};
