import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkForm } from '../../../src/uploads/post-policy/check.ts';
import { parsePolicy } from '../../../src/uploads/post-policy/policy.ts';

const policyOf = (...conditions: unknown[]) => {
  const document = { expiration: '2030-01-01T00:00:00Z', conditions: [{ bucket: 'b' }, ...conditions] };
  return parsePolicy(Buffer.from(JSON.stringify(document)).toString('base64'));
};

test('POL.7: `eq` is met by its value alone, `starts-with` by what begins with it', () => {
  const cases: [unknown, string, boolean][] = [
    [['eq', '$key', 'o/w/a'], 'o/w/a', true],
    [['eq', '$key', 'o/w/a'], 'o/w/ab', false],
    [['eq', '$key', 'o/w/a'], 'o/w/a/b', false],
    [['eq', '$key', 'o/w/a'], 'o/w/', false],
    [{ key: 'o/w/a' }, 'o/w/a', true],
    [{ key: 'o/w/a' }, 'o/w/ab', false],
    [['starts-with', '$key', 'o/w/a'], 'o/w/a', true],
    [['starts-with', '$key', 'o/w/a'], 'o/w/ab', true],
    [['starts-with', '$key', 'o/w/a'], 'o/w/', false],
    [['starts-with', '$key', 'o/w/a'], 'x/o/w/a', false],
  ];
  for (const [condition, key, isAdmitted] of cases) {
    const check = () => checkForm(new Map([['key', key]]), policyOf(condition), { bucket: 'b', now: 0 });
    const what = `${JSON.stringify(condition)} ${key}`;
    if (isAdmitted) assert.equal(check(), key, what);
    else assert.throws(check, { code: 'AccessDenied' }, what);
  }
});

test('POL.10: of several length ranges the narrowest counts, in whatever order they stand', () => {
  const cases: [[number, number][], [number, number]][] = [
    [[[3, 7]], [3, 7]],
    [
      [
        [3, 7],
        [0, 100],
      ],
      [3, 7],
    ],
    [
      [
        [0, 100],
        [3, 7],
      ],
      [3, 7],
    ],
    [
      [
        [0, 7],
        [3, 100],
      ],
      [3, 7],
    ],
    [
      [
        [3, 100],
        [0, 7],
      ],
      [3, 7],
    ],
  ];
  for (const [ranges, expected] of cases) {
    const policy = policyOf(...ranges.map((range) => ['content-length-range', ...range]));
    assert.deepEqual([policy.minBytes, policy.maxBytes], expected, JSON.stringify(ranges));
  }
});
