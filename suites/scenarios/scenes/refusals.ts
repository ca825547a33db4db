import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Actor } from '../actor.ts';
import { documents, write } from '../documents.ts';
import type { Scenarios, Stage } from '../stage.ts';

const NO_ID = '019a3f0e-0000-7000-8000-000000000000';

type Act = (actor: Actor, workspace: string, stage: Stage) => Promise<unknown>;

const ACTS: Record<string, Act> = {
  upload: async (actor, workspace, { folder }) =>
    actor.upload(workspace, [await write(join(folder, 'sent'), documents(['a.txt', 'b.txt']))]),
  listFiles: (actor, workspace) => actor.listFiles(workspace),
  download: (actor, workspace, { folder }) => actor.download(workspace, join(folder, 'back')),
  listSessions: (actor, workspace) => actor.listSessions(workspace),
  session: (actor, workspace) => actor.session(workspace, NO_ID),
  updateMetadata: (actor, workspace) => actor.updateMetadata(workspace, NO_ID, { a: 1 }),
};

const assertAllReject = async (
  stage: Stage,
  actor: Actor,
  workspace: string,
  as: { name: string; status?: number; message: RegExp },
): Promise<void> => {
  for (const [name, act] of Object.entries(ACTS))
    await assert.rejects(act(actor, workspace, stage), as, name);
  assert.deepEqual(await stage.workspace.sessions(), []);
  assert.deepEqual(await stage.workspace.files(), []);
};

/** Where nobody listens. */
const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
};

export const refusals: Scenarios = {
  'AUT.1: a wrong key is refused, whatever is done with it': (stage) =>
    assertAllReject(stage, stage.actorAt({ apiKey: 'api_wrong' }), stage.workspace.name, {
      name: 'Refusal',
      status: 401,
      message: /not valid/,
    }),

  'an unknown workspace is not found': (stage) =>
    assertAllReject(stage, stage.actor, 'no such workspace', {
      name: 'Refusal',
      status: 404,
      message: /not found/i,
    }),

  'a server that cannot be reached is told of': async (stage) => {
    const nowhere = stage.actorAt({ baseUrl: `http://127.0.0.1:${await freePort()}` });
    await assertAllReject(stage, nowhere, stage.workspace.name, {
      name: 'Unreachable',
      message: /No answer from http:\/\/127\.0\.0\.1:\d+.*ECONNREFUSED/,
    });
  },

  'an unknown session is not found': async ({ actor, workspace }) => {
    const refused = { name: 'Refusal', status: 404 };
    await assert.rejects(actor.session(workspace.name, NO_ID), refused);
    await assert.rejects(actor.closeSession(workspace.name, NO_ID), refused);
    await assert.rejects(actor.sessionFiles(workspace.name, NO_ID), refused);
  },

  'LIF.1: a session is closed once': async ({ actor, workspace }) => {
    const { session_id } = await workspace.openSession();
    await actor.closeSession(workspace.name, session_id);
    await assert.rejects(actor.closeSession(workspace.name, session_id), { name: 'Refusal', status: 409 });
  },
};

export const eleventhSession: Scenarios = {
  'the eleventh open session is refused, and the tenth closed makes room': async (stage) => {
    const { actor, workspace, folder } = stage;
    const opened: string[] = [];
    for (let number = 0; number < 10; number++) opened.push((await workspace.openSession()).session_id);
    await write(folder, documents(['a.txt']));
    await assert.rejects(actor.upload(workspace.name, [folder]), { name: 'Refusal', status: 406 });
    await actor.closeSession(workspace.name, opened[0] as string);
    const { results } = await actor.upload(workspace.name, [folder]);
    assert.deepEqual(
      results.map(({ name, status }) => [name, status]),
      [['a.txt', 'finished']],
    );
  },
};
