import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, type TestContext, test } from 'node:test';
import { freshProductionSettings } from '../../testing/production/production-services.ts';
import { startServer } from '../official-sdk/server-process.ts';
import type { Actor, Address } from './actor.ts';
import { SCENARIOS, SCENARIOS_OF_A_WHOLE_USER, SCENARIOS_OF_AN_EMBEDDED_SERVER } from './scenarios.ts';
import type { Scenarios, Stage } from './stage.ts';
import { newWorkspace } from './workspace.ts';

/** Two at a time: some wait for the clock, most for processors. */
const AT_A_TIME = 2;

const IN_PRODUCTION = process.env.SLUICE_TEST_SERVICES !== undefined;

/**
 * Runs scenarios, all of them where absent, on a real server of the calling file: an embedded one, or where SLUICE_TEST_SERVICES is set one on
 * PostgreSQL and the store that SLUICE_TEST_STORE names. Each has a workspace and a folder of its own.
 */
export const runScenarios = async (
  who: string,
  actorAt: (address: Address) => Actor,
  groups: readonly Scenarios[] = SCENARIOS,
): Promise<void> => {
  const scratch = await mkdtemp(join(tmpdir(), 'sluice-scenarios-'));
  const settings = IN_PRODUCTION ? await freshProductionSettings() : {};
  const server = await startServer(join(scratch, 'data'), settings);
  after(async () => {
    await server.stop();
    await rm(scratch, { recursive: true, force: true });
  });

  const address = { baseUrl: server.url, apiKey: server.key };
  const onStage = async (t: TestContext, play: (stage: Stage) => Promise<void>): Promise<void> => {
    const workspace = await newWorkspace(address);
    t.after(workspace.remove); // and with it the sessions left open
    await play({
      actor: actorAt(address),
      actorAt: (other) => actorAt({ ...address, ...other }),
      workspace,
      folder: await mkdtemp(join(scratch, 'folder-')),
    });
  };
  const playAll = (some: readonly Scenarios[]) => () => {
    for (const [title, play] of some.flatMap((group) => Object.entries(group)))
      test(title, (t) => onStage(t, play));
  };
  const where = IN_PRODUCTION ? 'in production' : 'embedded';
  describe(`${who}, ${where}`, { concurrency: AT_A_TIME }, playAll(groups));
  if (!IN_PRODUCTION) {
    describe(`${who}, whose keys are ours`, { concurrency: 1 }, playAll(SCENARIOS_OF_AN_EMBEDDED_SERVER));
  }
  if (groups === SCENARIOS)
    describe(`${who}, ${where}, alone`, { concurrency: 1 }, playAll(SCENARIOS_OF_A_WHOLE_USER));
};
