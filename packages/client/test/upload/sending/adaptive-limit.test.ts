import assert from 'node:assert/strict';
import process from 'node:process';
import { test } from 'node:test';
import { adaptiveLimit } from '../../../src/upload/sending/adaptive-limit.ts';

test('it starts in the middle and grows by one after as many good posts as there are places', async () => {
  const limit = adaptiveLimit(8);
  assert.equal(limit.current(), 4);
  for (let post = 0; post < 4; post++) limit.leave(await limit.enter(), 'well');
  assert.equal(limit.current(), 5);
  for (let post = 0; post < 500; post++) limit.leave(await limit.enter(), 'well');
  assert.equal(limit.current(), 8);
});

test('CLI.1: trouble halves it once for all posts that were under way, and never below one', async () => {
  const limit = adaptiveLimit(16);
  const underWay = await Promise.all(Array.from({ length: 8 }, () => limit.enter()));
  for (const ticket of underWay) limit.leave(ticket, 'in trouble');
  assert.equal(limit.current(), 4);
  for (let post = 0; post < 10; post++) limit.leave(await limit.enter(), 'in trouble');
  assert.equal(limit.current(), 1);
});

test('what is about one file alone changes nothing', async () => {
  const limit = adaptiveLimit(8);
  for (let post = 0; post < 50; post++) limit.leave(await limit.enter(), 'otherwise');
  assert.equal(limit.current(), 4);
  assert.equal(limit.troubledForMs(), 0);
});

test('no more than that have a place, and the next comes when one leaves', async () => {
  const limit = adaptiveLimit(4);
  const tickets = [await limit.enter(), await limit.enter()];
  let third = false;
  const entered = limit.enter().then(() => {
    third = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(third, false);
  limit.leave(tickets[0] as number, 'well');
  await entered;
});

test('CLI.1: a store that said when to come back gets nothing before', async () => {
  let now = 0;
  const limit = adaptiveLimit(4, { now: () => now });
  limit.leave(await limit.enter(), 'in trouble', 20);
  let entered = false;
  const entering = limit.enter().then(() => {
    entered = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(entered, false);
  now = 20; // its timer runs on the real clock, which is past that as well by the time it fires
  await entering;
});

test('the trouble is over with the first good post', async () => {
  let now = 0;
  const limit = adaptiveLimit(4, { now: () => now });
  limit.leave(await limit.enter(), 'in trouble');
  now = 5_000;
  limit.leave(await limit.enter(), 'in trouble');
  assert.equal(limit.troubledForMs(), 5_000);
  limit.leave(await limit.enter(), 'well');
  assert.equal(limit.troubledForMs(), 0);
});

test('abort ends the waiting for a place, and gives up none', async () => {
  const limit = adaptiveLimit(1);
  const first = await limit.enter();
  const controller = new AbortController();
  const reason = new Error('enough');
  const waiting = assert.rejects(limit.enter(controller.signal), reason);
  controller.abort(reason);
  await waiting;
  await assert.rejects(limit.enter(controller.signal), reason);
  limit.leave(first, 'well');
  limit.leave(await limit.enter(), 'well');
});

const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

test('a store that is to be left alone for long keeps no process from ending', async () => {
  const before = timers();
  const limit = adaptiveLimit(4);
  limit.leave(await limit.enter(), 'in trouble', 100_000);
  assert.equal(timers(), before);
  const controllers = [new AbortController(), new AbortController()];
  const waiting = controllers.map(({ signal }) => assert.rejects(limit.enter(signal)));
  assert.equal(timers(), before + 1);
  controllers[0]?.abort();
  assert.equal(timers(), before + 1);
  controllers[1]?.abort();
  assert.equal(timers(), before);
  await Promise.all(waiting);
});
