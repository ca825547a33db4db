import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  answerOf,
  type Case,
  DIFFERENCES,
  differenceOf,
  recordedCases,
} from '../../../../../testing/fastapi/fastapi.ts';

const cases = recordedCases();

const nameOf = ({ params, query, body, contentType }: Case): string =>
  [Object.values(params).at(-1), query, body, contentType]
    .filter(Boolean)
    .map((part) => JSON.stringify(part).slice(0, 60))
    .join(' ');

for (const route of new Set(cases.map((one) => one.route))) {
  suite(`FastAPI's answers: ${route}`, () => {
    for (const { status, answer, ...asked } of cases.filter((one) => one.route === route)) {
      const theirs = { status, answer };
      const difference = differenceOf(asked, theirs);
      if (difference === undefined) {
        test(nameOf(asked), () => assert.deepEqual(answerOf(asked), theirs));
      } else {
        test(`${nameOf(asked)}: differs, ${difference.reason}`, () => {
          const ours = answerOf(asked);
          assert.ok(difference.ours(ours), JSON.stringify(ours));
          assert.notDeepEqual(ours, theirs);
        });
      }
    }
  });
}

test('every difference in the table is one that occurs', () => {
  const met = new Set(cases.map(({ status, answer, ...asked }) => differenceOf(asked, { status, answer })));
  for (const difference of DIFFERENCES) assert.ok(met.has(difference), difference.reason);
});
