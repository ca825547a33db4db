import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from './compare.ts';
import { createIds } from './ids.ts';

const ONE = '01a1fe30-f0e0-7004-9418-f1aab4690f54';
const OTHER = '019a3f0e-0000-7000-8000-000000000000';

test('ids, times, addresses and keys may vary, and which id stands for which is learned', () => {
  const learned = new Map<string, string>();
  compare(
    `${ONE}\t2026-11-21T12:59:42Z\thttp://127.0.0.1:8000\tapi_siiNSg_oMiRn6oPAEvCrFUpp`,
    `${OTHER}\t2026-11-29T17:00:00.123456Z\thttp://127.0.0.1:40123\tapi_0123456789012345678901\n`,
    { learn: (of, is) => learned.set(of, is) },
  );
  assert.deepEqual([...learned], [[ONE, OTHER]]);
});

test('an id of the page is one thing all along, and no other is the same', () => {
  const { learn, here } = createIds();
  learn(ONE, OTHER);
  learn(ONE, OTHER);
  learn(OTHER, OTHER);
  assert.equal(here(`show ${ONE}`), `show ${OTHER}`);
  assert.throws(() => learn(OTHER, ONE), /once more/);
  assert.throws(() => learn(ONE, ONE.replace('0', '1')), /once more/);
  assert.throws(() => learn(ONE.replace('0', '1'), OTHER), /another id/);
});

for (const [what, printed] of [
  ['another word', 'three files\n2 failed'],
  ['another number', 'two files\n3 failed'],
  ['a line more', 'two files\n2 failed\nand more'],
  ['a line less', 'two files'],
  ['another order', '2 failed\ntwo files'],
  ['nothing', ''],
] as const)
  test(`${what} is a difference`, () => {
    assert.throws(() => compare('two files\n2 failed', printed, {}), assert.AssertionError);
  });

test('the order may be another one where files go side by side, and nothing else', () => {
  compare('a\nb', 'b\na', { inAnyOrder: true });
  assert.throws(() => compare('a\nb', 'b\nb', { inAnyOrder: true }), assert.AssertionError);
});

test('what npm and the log of a server say beside it is left out', () => {
  compare('Ready', '\n> sluice@0.1.0 start\n> node x\n\n{"level":30,"msg":"x"}\nReady\n', {});
});
