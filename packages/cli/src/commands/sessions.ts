import type { UploadSession, UploadSessionFile } from '@sluice/contract';
import { INGESTION_STATUSES } from '@sluice/contract/plain';
import { defineCommand, LIST_OPTIONS } from '../command-line/command.ts';
import { choice, onOrOff } from '../command-line/option.ts';
import { EXIT } from '../exit-codes.ts';
import { second } from '../output/amounts.ts';
import { firstRows } from '../output/first-rows.ts';
import { timeLimited } from '../time-limit.ts';
import { PAGE_ROWS } from './files.ts';

export const sessionsList = defineCommand({
  words: 'sessions list',
  aliases: ['list-upload-sessions'],
  operands: '',
  summary: 'List upload sessions, the newest first',
  options: {
    isExpired: onOrOff('those whose time has passed; where absent those whose time has not, open and closed'),
    ...LIST_OPTIONS,
  },
  examples: ['sessions list --limit 10', 'sessions list --is-expired --workspace-name minutes'],
  run: async ({ connect, options, workspaceName, output, signal }) => {
    const print = output.list<UploadSession>([
      { title: 'session_id', width: 36, of: ({ session_id }) => session_id },
      { title: 'status', width: 7, of: ({ status }) => status },
      { title: 'write_mode', width: 10, of: ({ write_mode }) => write_mode },
      { title: 'created_at', width: 20, of: ({ created_at }) => second(created_at) },
      { title: 'expires_at', width: 20, of: ({ expires_at }) => second(expires_at) },
    ]);
    const { isExpired = false, limit, batchSize = PAGE_ROWS, timeoutS } = options;
    const query = {
      limit: Math.min(limit ?? PAGE_ROWS, batchSize, PAGE_ROWS),
      ...(isExpired ? { is_expired: true } : {}),
    };
    const until = timeLimited(signal, timeoutS);
    const rows = connect().uploadSessions.listAll(workspaceName, query, { signal: until });
    for await (const session of firstRows(rows, limit)) print(session);
    return EXIT.finished;
  },
});

export const sessionsShow = defineCommand({
  words: 'sessions show',
  aliases: ['get-upload-session'],
  operands: '<id>',
  summary: 'Show how far an upload session is',
  options: {},
  examples: ['sessions show 019a3f0e-0000-7000-8000-000000000000'],
  run: async ({ connect, operands: [id = ''], workspaceName, output, signal }) => {
    const session = await connect().uploadSessions.get(workspaceName, id, { signal });
    const { finished_files, failed_files } = session.ingestion_status;
    output.fields(session, [
      ['session_id', session.session_id],
      ['status', shown(session.status)],
      ['write_mode', shown(session.write_mode)],
      ['created_at', shown(session.created_at)],
      ['expires_at', shown(session.expires_at)],
      ['closed_at', shown(session.closed_at)],
      ['ingested_at', shown(session.ingested_at)],
      ['total_files', shown(session.total_files)],
      ['pending_files', shown(session.pending_files)],
      ['finished_files', shown(finished_files)],
      ['failed_files', shown(failed_files)],
      ...(session.orphan_sidecars ?? []).map((name) => ['orphan_sidecar', name] as const),
    ]);
    return EXIT.finished;
  },
});

/** Services other than ours do not tell all of it. */
const shown = (value: string | number | null | undefined): string =>
  typeof value === 'string' ? second(value) : String(value ?? '-');

export const sessionsFiles = defineCommand({
  words: 'sessions files',
  operands: '<id>',
  summary: 'List what became of the files of an upload session',
  options: {
    status: choice(INGESTION_STATUSES, 'only those'),
    ...LIST_OPTIONS,
  },
  examples: ['sessions files 019a3f0e-0000-7000-8000-000000000000 --status FAILED'],
  run: async ({ connect, operands: [id = ''], options, workspaceName, output, signal }) => {
    const print = output.list<UploadSessionFile>([
      { title: 'status', width: 8, of: (file) => file.ingestion_status },
      { title: 'file_id', width: 36, of: (file) => file.file_id ?? '-' },
      { title: 'reason', width: 20, of: (file) => file.ingestion_status_reason ?? '-' },
      { title: 'name', width: 30, of: (file) => file.name },
      { title: 'message', width: 0, of: (file) => file.ingestion_status_message ?? '' },
    ]);
    const { status, limit, batchSize = PAGE_ROWS, timeoutS } = options;
    const query = {
      limit: Math.min(limit ?? PAGE_ROWS, batchSize, PAGE_ROWS),
      ...(status === undefined ? {} : { ingestion_status: status }),
    };
    const until = timeLimited(signal, timeoutS);
    const rows = connect().uploadSessions.allFiles(workspaceName, id, query, { signal: until });
    for await (const file of firstRows(rows, limit)) print(file);
    return EXIT.finished;
  },
});

export const sessionsClose = defineCommand({
  words: 'sessions close',
  operands: '<id>',
  summary: 'Close an upload session, so that its files are ingested',
  options: {},
  examples: ['sessions close 019a3f0e-0000-7000-8000-000000000000'],
  run: async ({ connect, operands: [id = ''], workspaceName, output, signal }) => {
    await connect().uploadSessions.close(workspaceName, id, { signal });
    output.result(
      { session_id: id, status: 'CLOSED' },
      `Session ${id} is closed, its files are being ingested.`,
    );
    return EXIT.finished;
  },
});
