import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { SESSION_SORT_FIELDS } from '@sluice/contract';
import { HOUR } from '../../packages/server/src/domain/instant.ts';
import { uuidOf } from '../../packages/server/src/domain/uuid.ts';
import { reader, writer } from '../../packages/server/src/store/repositories.ts';
import { type FileDatabase, OTHER_WORKSPACE, WORKSPACE } from '../store/file-fixture.ts';
import { sessionFileOf, sessionOf, USER } from '../store/store-fixture.ts';

const NOW = 1_700_000_000_000_000;
const SESSIONS = 6000;

/** The index by which a list in each order goes, where many sessions match. */
const ORDERS: Record<(typeof SESSION_SORT_FIELDS)[number], string> = {
  created_at: 'upload_session_created',
  expires_at: 'upload_session_expires',
  ingestion_status_reason: 'upload_session_failed',
  file_count: 'upload_session_files',
  name: 'upload_session_name',
  status: 'upload_session_status',
  write_mode: 'upload_session_mode',
};

/** How a database goes about what it is asked: `plan` gives a line for each step, `scan` knows one that grows with a table. */
export type Planner = {
  open(): Promise<FileDatabase>;
  /** After the rows are there. */
  prepare(database: FileDatabase): Promise<void>;
  plan(database: FileDatabase, work: () => Promise<unknown>): Promise<string[]>;
  scan: RegExp;
};

export const sessionPlans = ({ open, prepare, plan, scan }: Planner): void => {
  let database: FileDatabase;
  before(async () => {
    database = await open();
    const { db } = database;
    const user = {
      id: USER,
      organizationId: uuidOf('organization'),
      givenName: '',
      familyName: '',
      email: '',
    };
    await db
      .insertInto('appUser')
      .values({ ...user, role: 'ADMIN', deleted: 0 })
      .execute();
    await db.transaction().execute(async (trx) => {
      const { sessions, sessionFiles } = writer(trx);
      for (let at = 0; at < SESSIONS; at++) {
        const createdAt = NOW - 30 * HOUR + Math.floor((at * 30 * HOUR) / SESSIONS);
        const expiresAt = createdAt + 24 * HOUR;
        const closedAt = at % 10 === 0 ? null : createdAt + 1000;
        const isDone = closedAt !== null && at % 100 !== 1;
        await sessions.insert(
          sessionOf(at, {
            workspaceId: at % 50 === 0 ? OTHER_WORKSPACE : WORKSPACE,
            createdAt,
            expiresAt,
            closedAt,
            endedAt: closedAt ?? expiresAt,
            ingestedAt: isDone ? closedAt : null,
            sweptAt: isDone ? closedAt : null,
            totalFiles: at % 9,
            failedFiles: at % 5,
          }),
        );
      }
      const session = sessionOf(1);
      const files = Array.from({ length: 5000 }, (_, at) =>
        sessionFileOf(session, at, { createdAt: at, status: at % 500 === 0 ? 'FAILED' : 'FINISHED' }),
      );
      await sessionFiles.insertMany(files);
    });
    await prepare(database);
  });

  const expectIndex = async (name: string, work: () => Promise<unknown>, index: string): Promise<void> => {
    const steps = await plan(database, work);
    const shown = `${name}:\n${steps.join('\n')}`;
    assert.ok(
      steps.some((step) => new RegExp(`\\b${index}\\b`).test(step)),
      `${index}\n${shown}`,
    );
    assert.deepEqual(
      steps.filter((step) => scan.test(step)),
      [],
      shown,
    );
  };

  test('every page of sessions comes from an index that has its order, or from their times where they are few', async () => {
    const { sessions } = reader(database.db);
    const page = { limit: 10, pageNumber: null, before: null, after: null };
    for (const field of SESSION_SORT_FIELDS) {
      for (const isExpired of [true, false]) {
        const search = {
          ...page,
          workspaceId: WORKSPACE,
          isExpired,
          now: NOW,
          field,
          order: 'DESC',
        } as const;
        const name = `${field}, ${isExpired ? 'expired' : 'not expired'}`;
        await expectIndex(name, () => sessions.list({ ...search, total: SESSIONS }), ORDERS[field]);
      }
    }
    const cursor = sessionOf(SESSIONS - 100 + 1).id;
    const search = { ...page, workspaceId: WORKSPACE, isExpired: false, now: NOW, order: 'ASC' } as const;
    const deep = { ...search, field: 'created_at', before: cursor } as const;
    await expectIndex(
      'a cursor',
      () => sessions.list({ ...deep, total: SESSIONS }),
      'upload_session_created',
    );
    const few = { ...search, now: NOW + 24 * HOUR - 60_000_000, total: 10, field: 'created_at' } as const;
    await expectIndex('few', () => sessions.list(few), 'upload_session_expires');
  });

  test('counts, gauges and what waits come from indexes', async () => {
    const { sessions, sessionFiles, workspaces } = reader(database.db);
    const times = { after: NOW - HOUR, settled: NOW - HOUR / 2, now: NOW };
    const reads: [string, () => Promise<unknown>, string][] = [
      ['count', () => sessions.count({ workspaceId: WORKSPACE }, times), 'upload_session_created'],
      ['count', () => sessions.count({ workspaceId: WORKSPACE }, times), 'upload_session_expires'],
      ['gauges', () => sessions.gauges(times), 'upload_session_closed'],
      ['gauges', () => sessions.gauges(times), 'upload_session_unclosed'],
      ['in order', () => sessions.nextInOrder(WORKSPACE, NOW), 'upload_session_line'],
      ['in turn', () => sessions.inTurn(10), 'upload_session_turn'],
      ['in line', () => sessions.workspacesInLine(NOW), 'upload_session_line'],
      ['awaited', () => sessions.isAwaitedElsewhere(WORKSPACE), 'upload_session_turn'],
      ['unswept', () => sessions.unswept(NOW, 10), 'upload_session_unswept'],
      [
        'open',
        () => sessions.countOpen(USER, NOW + 24 * HOUR - 60_000_000),
        'upload_session_(open|unclosed)',
      ],
      ['ids', () => Array.fromAsync(sessions.idsOfWorkspace(OTHER_WORKSPACE)), 'upload_session_name'],
      ['deleted', () => workspaces.deleted(), 'upload_session_expires'],
      [
        'failed files',
        () =>
          sessionFiles.list({
            sessionId: sessionOf(1).id,
            status: 'FAILED',
            total: 10,
            limit: 10,
            pageNumber: null,
            before: null,
            after: null,
          }),
        'session_file_failed',
      ],
    ];
    for (const [name, read, index] of reads) await expectIndex(name, read, index);
    const calls = () =>
      database.db.transaction().execute((trx) => writer(trx).sessions.callNext(WORKSPACE, NOW));
    await expectIndex('call', calls, 'upload_session_line');
    await expectIndex('call', calls, 'upload_session_turn');
  });
};
