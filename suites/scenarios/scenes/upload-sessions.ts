import assert from 'node:assert/strict';
import { WRITE_MODES } from '@sluice/contract';
import { eventually } from '../eventually.ts';
import type { Scenarios } from '../stage.ts';
import { post } from '../workspace.ts';

export const uploadSessions: Scenarios = {
  'sessions are listed the newest first, in batches': async ({ actor, workspace }) => {
    const opened: string[] = [];
    for (let number = 0; number < 5; number++) {
      const { session_id } = await workspace.openSession();
      await workspace.closeSession(session_id); // open ones count by user, and this is not the only scenario
      opened.unshift(session_id);
    }
    for (const batchSize of [2, 5]) {
      const listed = await actor.listSessions(workspace.name, { batchSize });
      assert.deepEqual(
        listed.map(({ session_id }) => session_id),
        opened,
      );
    }
  },

  'a listed session tells what it is': async ({ actor, workspace }) => {
    const opened = new Map<string, string>();
    for (const write_mode of WRITE_MODES) {
      const { session_id } = await workspace.openSession({ write_mode });
      opened.set(session_id, write_mode);
      if (write_mode !== 'KEEP') await workspace.closeSession(session_id);
    }
    const listed = await actor.listSessions(workspace.name);
    assert.deepEqual(new Map(listed.map((row) => [row.session_id, row.write_mode])), opened);
    for (const { write_mode, status, created_at, expires_at, created_by } of listed) {
      assert.equal(status, write_mode === 'KEEP' ? 'OPEN' : 'CLOSED');
      assert.ok(Date.parse(created_at) <= Date.now() && Date.now() < Date.parse(expires_at));
      assert.ok(created_by.user_id && created_by.given_name && created_by.family_name);
    }
  },

  'expired sessions are listed apart': async ({ actor, workspace }) => {
    const expired = await workspace.openSession({ expires_in_seconds: 1 });
    const open = await workspace.openSession();
    const closed = await workspace.openSession();
    await workspace.closeSession(closed.session_id);
    const statuses = async (isExpired: boolean) => {
      const listed = await actor.listSessions(workspace.name, { isExpired });
      return Object.fromEntries(listed.map(({ session_id, status }) => [session_id, status]));
    };
    const apart = await eventually(async () => {
      const found = await statuses(true);
      return expired.session_id in found ? found : undefined;
    });
    assert.deepEqual(apart, { [expired.session_id]: 'EXPIRED' });
    assert.deepEqual(await statuses(false), { [open.session_id]: 'OPEN', [closed.session_id]: 'CLOSED' });
  },

  'an expired session is ingested without being closed': async ({ actor, workspace }) => {
    const { session_id, aws_prefixed_request_config: form } = await workspace.openSession({
      expires_in_seconds: 4,
    });
    for (const name of ['a.txt', 'b.txt']) {
      await post(form, name, `text of ${name}`);
      await post(form, `${name}.meta.json`, JSON.stringify({ of: name }));
    }
    const ended = await actor.watchSession(workspace.name, session_id);
    assert.equal(ended.status, 'EXPIRED');
    assert.deepEqual(ended.ingestion_status, { finished_files: 2, failed_files: 0 });
    const listed = await actor.listFiles(workspace.name);
    assert.deepEqual(
      new Map(listed.map(({ name, meta }) => [name, meta])),
      new Map([
        ['a.txt', { of: 'a.txt' }],
        ['b.txt', { of: 'b.txt' }],
      ]),
    );
  },

  'a session is closed, shown and followed': async ({ actor, workspace }) => {
    const { session_id, aws_prefixed_request_config: form, expires_at } = await workspace.openSession();
    assert.equal((await actor.session(workspace.name, session_id)).status, 'OPEN');
    await post(form, 'full.txt', 'text');
    await post(form, 'empty.txt', '');
    await actor.closeSession(workspace.name, session_id);
    const ended = await actor.watchSession(workspace.name, session_id);
    assert.deepEqual(ended.ingestion_status, { finished_files: 1, failed_files: 1 });
    assert.deepEqual([ended.status, ended.expires_at], ['CLOSED', expires_at]);
    assert.deepEqual(await actor.session(workspace.name, session_id), ended);
    const rows = await actor.sessionFiles(workspace.name, session_id);
    assert.deepEqual(
      new Map(rows.map((row) => [row.name, row.ingestion_status_reason])),
      new Map([
        ['empty.txt', 'EMPTY_FILE'],
        ['full.txt', null],
      ]),
    );
  },
};
