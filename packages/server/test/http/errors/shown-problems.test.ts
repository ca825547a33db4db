import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SHOWN, shownProblems } from '../../../src/http/errors/shown-problems.ts';

const problem = (input: unknown, loc: (string | number)[] = ['body', 'a']) => ({
  type: 'enum',
  loc,
  msg: 'No.',
  input,
});

test('what is of an ordinary size is shown as it came', () => {
  const ordinary = fc.jsonValue().filter((value) => JSON.stringify(value).length < SHOWN.input / 4);
  fc.assert(
    fc.property(ordinary, (value) => {
      const one = problem(JSON.parse(JSON.stringify(value)));
      assert.deepEqual(shownProblems([one]), [one]);
    }),
  );
});

test('what is larger is cut, at whatever depth, and stays text', () => {
  const million = 1_000_000;
  for (const [what, input] of Object.entries({
    text: 'x'.repeat(million),
    pairs: '\u{1f600}'.repeat(million),
    shifted: `x${'\u{1f600}'.repeat(million)}`,
    list: new Array(million).fill(1),
    lists: new Array(1000).fill(new Array(1000).fill([])),
    texts: new Array(1000).fill('x'.repeat(1000)),
    key: { ['k'.repeat(million)]: 1 },
    keys: Object.fromEntries(new Array(100_000).fill(0).map((_, at) => [`k${at}`, {}])),
    deep: { a: { b: { c: ['x'.repeat(million)] } } },
  })) {
    const [shown] = shownProblems([problem(input, ['body', 'k'.repeat(million), 3])]);
    const text = JSON.stringify(shown);
    assert.ok(text.length < 2 * SHOWN.input, `${what}: ${text.length}`);
    assert.ok(text.includes('…'), what);
    assert.ok(!text.includes('\\ud83d'), 'no half of a pair');
    assert.deepEqual(shown?.loc, ['body', `${'k'.repeat(SHOWN.step)}…`, 3]);
  }
});

test('problems beyond what an answer holds are left out, the first never', () => {
  const shown = shownProblems(new Array(100_000).fill(problem('x'.repeat(900))));
  assert.ok(shown.length > 10 && JSON.stringify(shown).length < 1.1 * SHOWN.answer);
});
