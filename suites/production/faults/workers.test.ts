import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Moment } from './arm.ts';
import { startChild } from './child-process.ts';
import { ageHeartbeats } from './database.ts';
import {
  type Expected,
  expectedFiles,
  expectFiles,
  expectNothingLeft,
  expectSession,
} from './expect-exact.ts';
import { drain, freshSettings, openStage, storeAt } from './stage.ts';
import { makeUploads, putUploads } from './uploads.ts';

const DYING_WORKER = fileURLToPath(new URL('./dying-worker.ts', import.meta.url));
const FILES = 1000;

/** Each death is the start of a process, which takes its time on a busy machine. */
const TIMEOUT_MS = 300_000;

type Chain = { name: string; writeMode: 'KEEP' | 'OVERWRITE' | 'FAIL'; deaths: Moment[] };

const before = (step: string, nth = 1): Moment => ({ step, when: 'before', nth });
const during = (step: string, nth = 1): Moment => ({ step, when: 'during', nth });
const after = (step: string, nth = 1): Moment => ({ step, when: 'after', nth });

/** Each worker goes on where the one before died. Five starts without headway would be a session's last. */
const CHAINS: Chain[] = [
  {
    name: 'while it lists',
    writeMode: 'KEEP',
    deaths: [
      during('sessions.countAttempt'),
      after('sessions.countAttempt'),
      before('objects.list'),
      after('objects.list', 2),
      during('sessionFiles.insertMany', 2),
    ],
  },
  {
    name: 'when it has listed, and before the first files are in',
    writeMode: 'FAIL',
    deaths: [
      after('sessionFiles.insertMany', 3),
      during('sessions.setListed'),
      after('sessions.setListed'),
      before('objects.readMany'),
      after('objects.readMany'),
      before('objects.move'),
      after('objects.move'),
    ],
  },
  {
    name: 'around the transaction that takes files in',
    writeMode: 'OVERWRITE',
    deaths: [
      during('files.lockWorkspace'),
      during('files.insertMany'),
      during('sessions.addOutcomes'),
      after('sessions.addOutcomes'),
      during('sessionFiles.settle', 2),
      after('objects.move', 2),
    ],
  },
  {
    name: 'when all files are in',
    writeMode: 'KEEP',
    deaths: [
      after('sessions.addOutcomes', 3),
      before('objects.list'),
      before('objects.delete'),
      after('objects.delete'),
      during('sessions.setIngested'),
      after('sessions.setIngested'),
    ],
  },
  {
    name: 'between two sessions, and in the second',
    writeMode: 'OVERWRITE',
    deaths: [after('sessions.setIngested'), before('objects.readMany'), after('sessions.setIngested')],
  },
];

/** Names that the workspace has before: what the session does to them is that of its write mode. */
const TAKEN = [20, 21, 22].map((n) => `file-${n}.txt`);

describe('LIF.7: killed at any step, workers take every file in once', { concurrency: 3 }, () => {
  for (const [at, { name, writeMode, deaths }] of CHAINS.entries()) {
    test(name, { timeout: TIMEOUT_MS }, async (t) => {
      const stage = await openStage(t, await freshSettings(storeAt(at)));
      for (const taken of TAKEN) assert.equal((await stage.send(taken, `old ${taken}`)).status, 201);
      const uploads = makeUploads(FILES);
      const small = makeUploads(20, 'next');
      const session = await stage.open({ write_mode: writeMode });
      const next = await stage.open();
      await putUploads(stage.settings, session.form, uploads);
      await putUploads(stage.settings, next.form, small);
      for (const { id } of [session, next]) assert.equal((await stage.close(id)).status, 204);

      const started = performance.now();
      for (const { step, when, nth } of deaths) {
        const worker = startChild(t, DYING_WORKER, [step, when, String(nth)], stage.settings);
        assert.equal(await worker.ended, 'SIGKILL', worker.output());
        await ageHeartbeats(stage.settings);
      }
      const died = performance.now();
      const survivor = await stage.work();
      await drain(survivor);
      t.diagnostic(
        `${deaths.length} deaths in ${seconds(died - started)}, then done in ${seconds(performance.now() - died)}`,
      );

      await expectSession(stage, session.id, uploads, ({ name, reason }) =>
        writeMode === 'FAIL' && TAKEN.includes(name) ? 'FILE_ALREADY_EXISTS' : reason,
      );
      await expectSession(stage, next.id, small);
      const old = TAKEN.map((taken): Expected => ({ name: taken, content: `old ${taken}`, metadata: {} }));
      const arrived = expectedFiles(uploads);
      const files = await expectFiles(survivor, [
        ...(writeMode === 'OVERWRITE' ? [] : old),
        ...(writeMode === 'FAIL' ? arrived.filter(({ name }) => !TAKEN.includes(name)) : arrived),
        ...expectedFiles(small),
      ]);
      await expectNothingLeft(stage, survivor, files);
    });
  }
});

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
