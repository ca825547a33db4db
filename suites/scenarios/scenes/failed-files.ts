import assert from 'node:assert/strict';
import { documents, numbered, write } from '../documents.ts';
import type { Scenarios } from '../stage.ts';
import { assertExplained, assertHolds, each, outcomes, sessionOf } from './expectations.ts';

const BROKEN_SIDECARS: Record<string, string | Uint8Array> = {
  'not-json.txt': '{',
  'trailing-comma.txt': '{"a": 1,}',
  'array.txt': '[1]',
  'text.txt': '"a"',
  'empty.txt': '',
  'latin-1.txt': Buffer.from('{"a": "ü"}', 'latin1'),
  'utf-16.txt': Buffer.from('\ufeff{"a": 1}', 'utf16le'),
  'not-a-number.txt': '{"a": NaN}',
  'reserved.txt': '{"_id": 1}',
  'value-too-large.txt': JSON.stringify({ a: 'x'.repeat(32_767) }),
  'too-large.txt': JSON.stringify(
    Object.fromEntries(Array.from({ length: 9 }, (_, key) => [key, 'x'.repeat(30_000)])),
  ),
};

export const failedFiles: Scenarios = {
  'an empty file fails, the others do not': async ({ actor, workspace, folder }) => {
    const files = documents(numbered(20));
    await write(folder, [...files, { name: 'empty.txt', content: '', meta: { a: 1 } }]);
    const upload = await actor.upload(workspace.name, [folder]);
    assert.deepEqual(outcomes(upload), {
      ...each(numbered(20), 'finished'),
      'empty.txt': 'failed EMPTY_FILE',
    });
    assertExplained(upload.results);
    const failed = await actor.sessionFiles(workspace.name, sessionOf(upload), 'FAILED');
    assert.deepEqual(
      failed.map(({ name, ingestion_status_reason }) => [name, ingestion_status_reason]),
      [['empty.txt', 'EMPTY_FILE']],
    );
    const { ingestion_status } = await actor.session(workspace.name, sessionOf(upload));
    assert.deepEqual(ingestion_status, { finished_files: 20, failed_files: 1 });
    await assertHolds(workspace, files);
  },

  'a sidecar that is no metadata fails its file': async ({ actor, workspace, folder }) => {
    const files = documents(numbered(10));
    const broken = Object.entries(BROKEN_SIDECARS).map(([name, meta]) => ({ name, content: 'text', meta }));
    const upload = await actor.upload(workspace.name, [await write(folder, [...files, ...broken])]);
    assert.deepEqual(outcomes(upload), {
      ...each(numbered(10), 'finished'),
      ...each(Object.keys(BROKEN_SIDECARS), 'failed FAILED_TO_PARSE_META'),
    });
    assertExplained(upload.results);
    await assertHolds(workspace, files);
  },

  'nothing but failures': async ({ actor, workspace, folder }) => {
    await write(
      folder,
      numbered(3).map((name) => ({ name, content: '' })),
    );
    const upload = await actor.upload(workspace.name, [folder]);
    assert.deepEqual(outcomes(upload), each(numbered(3), 'failed EMPTY_FILE'));
    assert.deepEqual((await workspace.session(sessionOf(upload))).ingestion_status, {
      finished_files: 0,
      failed_files: 3,
    });
    await assertHolds(workspace, []);
  },

  'a sidecar without its file is left out and told of': async ({ actor, workspace, folder }) => {
    const orphan = { name: 'lost.txt.meta.json', content: '{"a":1}' };
    await write(folder, [...documents(['there.txt']), orphan]);
    const upload = await actor.upload(workspace.name, [folder]);
    assert.deepEqual(outcomes(upload), {
      'there.txt': 'finished',
      'lost.txt.meta.json': 'skipped ORPHAN_SIDECAR',
    });
    assertExplained(upload.results);
    assert.deepEqual(upload.orphanSidecars, []);
    assert.deepEqual((await workspace.session(sessionOf(upload))).orphan_sidecars, []);
    await assertHolds(workspace, documents(['there.txt']));
  },

  'a sidecar without its file that is sent counts nowhere, and the session reports it': async ({
    actor,
    workspace,
    folder,
  }) => {
    const orphan = { name: 'lost.txt.meta.json', content: '{"a":1}' };
    await write(folder, [...documents(['there.txt']), orphan]);
    const upload = await actor.upload(workspace.name, [folder], { orphanSidecars: 'send' });
    assert.deepEqual(upload.orphanSidecars, [orphan.name]);
    const session = await actor.session(workspace.name, sessionOf(upload));
    assert.deepEqual(session.orphan_sidecars, [orphan.name]);
    assert.deepEqual(session.ingestion_status, { finished_files: 1, failed_files: 0 });
    assert.equal(session.total_files, 1);
    await assertHolds(workspace, documents(['there.txt']));
  },

  'nothing to send opens no session': async ({ actor, workspace, folder }) => {
    const { sessionId, results } = await actor.upload(workspace.name, [folder]);
    assert.deepEqual([sessionId, results], [null, []]);
    assert.deepEqual(await workspace.sessions(), []);
  },
};
