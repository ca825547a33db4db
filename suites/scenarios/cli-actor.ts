import assert from 'node:assert/strict';
import type { File, UploadSession, UploadSessionFile, UploadSessionStatus } from '@sluice/contract';
import { type Ended, jsonLines, startSluiceCommand } from '../../testing/terminal/run-sluice.ts';
import {
  type Actor,
  type Address,
  type DownloadWishes,
  type FileWishes,
  type Outcome,
  Refusal,
  type Saved,
  Unreachable,
  type UploadWishes,
} from './actor.ts';

/** They tell of single files that failed by their exit code. */
const MAY_END_WITH_ONE = new Set(['upload', 'download', 'files delete', 'sessions watch']);

/** What a filter on a key that no file has is told of, beside its answer. */
const NOTE = /^sluice: note: No file has .*\n/gm;

/** Someone at a terminal: each act is a process of its own, its answer read from what it prints as JSON. */
export const cliActor = ({ baseUrl, apiKey }: Address): Actor => {
  const env = { API_URL: baseUrl, API_KEY: apiKey };

  const run = async (workspace: string, words: string[], ...args: string[]): Promise<Ended> => {
    const always = ['--json', '--no-show-progress', '--workspace-name', workspace];
    const ended = await startSluiceCommand([...words, ...always, ...args], env).ended;
    const { code, stderr } = ended;
    assert.ok(!`${ended.stdout}${stderr}`.includes(apiKey), 'AUT.4: the key is nowhere');
    if (code === 4) throw new Unreachable(stderr);
    if (code === 3) throw new Refusal(Number(/\((\d{3})\)/.exec(stderr)?.[1]), stderr);
    const codes = MAY_END_WITH_ONE.has(words.join(' ')) ? [0, 1] : [0];
    assert.ok(codes.includes(code ?? -1), `${words.join(' ')} ended with ${code}: ${stderr}`);
    assert.equal(stderr.replaceAll(NOTE, ''), '');
    return ended;
  };
  const rows = async <Row>(workspace: string, words: string[], ...args: string[]): Promise<Row[]> => {
    const ended = await run(workspace, words, ...args);
    return ended.stdout === '' ? [] : jsonLines(ended);
  };
  const object = async (...args: Parameters<typeof run>) => JSON.parse((await run(...args)).stdout);
  const filesNamed = (workspace: string, name: string) =>
    rows<File>(workspace, ['files', 'list'], '--name', name);

  return {
    upload: async (workspace, paths, wishes = {}) => {
      const ended = await run(workspace, ['upload'], ...paths, ...uploadOptions(wishes));
      const { session_id, results, orphan_sidecars, ...numbers } = JSON.parse(ended.stdout);
      const outcomes: Outcome[] = results.map(({ file_id, ...rest }: { file_id: string | null }) => ({
        ...rest,
        fileId: file_id,
      }));
      const count = (wanted: string) => outcomes.filter(({ status }) => status === wanted).length;
      for (const status of ['finished', 'failed', 'skipped', 'pending']) {
        assert.equal(numbers[status], count(status));
      }
      const open = wishes.wait === false ? 0 : count('pending');
      assert.equal(ended.code, count('failed') + count('skipped') + open > 0 ? 1 : 0);
      return { sessionId: session_id, results: outcomes, orphanSidecars: orphan_sidecars };
    },

    listFiles: (workspace, wishes = {}) => rows<File>(workspace, ['files', 'list'], ...fileOptions(wishes)),

    download: async (workspace, folder, wishes = {}) => {
      const options = ['--file-dir', folder, ...downloadOptions(wishes)];
      const ended = await run(workspace, ['download'], ...options);
      const saved: Saved[] = ended.stdout === '' ? [] : jsonLines(ended);
      assert.equal(ended.code, saved.some(({ status }) => status === 'failed') ? 1 : 0);
      return saved;
    },

    deleteFiles: async (workspace, names) => {
      const found = (await Promise.all(names.map((name) => filesNamed(workspace, name)))).flat();
      const ids = found.filter(({ name }) => names.includes(name)).map(({ file_id }) => file_id);
      if (ids.length === 0) return 0;
      const deleted = await rows<{ deleted: boolean }>(workspace, ['files', 'delete'], ...new Set(ids));
      return deleted.filter((row) => row.deleted).length;
    },

    updateMetadata: (workspace, fileId, changes) => {
      const options = Object.entries(changes).flatMap(([key, value]) =>
        value === null ? ['--unset', key] : ['--set', `${key}=${JSON.stringify(value)}`],
      );
      return object(workspace, ['files', 'meta'], fileId, ...options);
    },

    listSessions: (workspace, { isExpired, batchSize } = {}) =>
      rows<UploadSession>(
        workspace,
        ['sessions', 'list'],
        ...(isExpired ? ['--is-expired'] : []),
        ...option('--batch-size', batchSize),
      ),
    session: (workspace, sessionId) => object(workspace, ['sessions', 'show'], sessionId),
    sessionFiles: (workspace, sessionId, status) =>
      rows<UploadSessionFile>(workspace, ['sessions', 'files'], sessionId, ...option('--status', status)),
    watchSession: async (workspace, sessionId) => {
      const ended = await run(workspace, ['sessions', 'watch'], sessionId);
      const session: UploadSessionStatus = jsonLines(ended).at(-1);
      assert.equal(ended.code, session.ingestion_status.failed_files > 0 ? 1 : 0);
      return session;
    },
    closeSession: async (workspace, sessionId) => {
      await run(workspace, ['sessions', 'close'], sessionId);
    },
  };
};

const option = (name: string, value: string | number | undefined): string[] =>
  value === undefined ? [] : [name, String(value)];

const uploadOptions = (wishes: UploadWishes): string[] => [
  ...option('--write-mode', wishes.writeMode),
  ...option('--orphan-sidecars', wishes.orphanSidecars),
  ...(wishes.recursive === false ? ['--no-recursive'] : []),
  ...(wishes.fileTypes ?? []).flatMap((type) => ['--use-type', type]),
  ...(wishes.wait === false ? ['--no-blocking'] : []),
  ...(wishes.safeMode ? ['--safe-mode'] : []),
  ...(wishes.parallelProcessing ? ['--enable-parallel-processing'] : []),
];

const fileOptions = ({ name, filter, batchSize }: FileWishes): string[] => [
  ...option('--name', name),
  ...option('--filter', filter),
  ...option('--batch-size', batchSize),
];

const downloadOptions = (wishes: DownloadWishes): string[] => [
  ...fileOptions(wishes),
  ...(wishes.includeMetadata === false ? ['--no-include-meta'] : []),
  ...option('--existing', wishes.existing),
  ...(wishes.safeMode ? ['--safe-mode'] : []),
];
