import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, ConnectionError, UploadInterrupted } from '@sluice/client/node';
import { EXIT } from '../src/exit-codes.ts';
import { failureOf, Interrupted } from '../src/failure.ts';
import { UsageError } from '../src/usage-error.ts';

const answer = (status: number) => new ApiError({ status, detail: `Because of ${status}.` });

for (const status of [301, 400, 401, 402, 403, 404, 406, 409, 413, 415, 422]) {
  test(`CLI.2: ${status} is a refusal`, () => {
    const { sentence, exitCode } = failureOf(answer(status), false);
    assert.equal(exitCode, EXIT.refused);
    assert.ok(sentence.startsWith(`Because of ${status} (${status}).`), sentence);
  });
}

for (const status of [408, 429, 500, 502, 503, 504]) {
  test(`CLI.2: ${status} is a server that could not answer`, () => {
    assert.equal(failureOf(answer(status), false).exitCode, EXIT.unreachable);
  });
}

test('CLI.2: a search that takes too long is a refusal: the same would take as long again', () => {
  const detail = 'The search takes too long: narrow the filter.';
  const error = new ApiError({ status: 503, detail, serverCode: 'QUERY_TOO_DEAR' });
  assert.deepEqual(failureOf(error, false), {
    sentence: 'The search takes too long: narrow the filter (503).',
    exitCode: EXIT.refused,
  });
});

const lost = new ConnectionError('CONNECTION_FAILED', 'No answer.');

const OTHERS: [string, unknown, boolean, ReturnType<typeof failureOf>][] = [
  ['a lost connection', lost, false, { sentence: 'No answer.', exitCode: 4 }],
  ['wrong usage', new UsageError('No.'), false, { sentence: 'No.', exitCode: 2 }],
  ['Ctrl-C at a question', new Interrupted('Ctrl-C'), false, { sentence: 'Interrupted.', exitCode: 130 }],
  [
    'a time limit',
    new DOMException('', 'TimeoutError'),
    false,
    { sentence: 'It took longer than --timeout-s allows.', exitCode: 4 },
  ],
  ['anything else', new Error('ENOSPC'), false, { sentence: 'ENOSPC.', exitCode: 1 }],
  ['a whole sentence', new Error('It is full.'), false, { sentence: 'It is full.', exitCode: 1 }],
  [
    'an upload that ended',
    new UploadInterrupted('s', 'sending', lost),
    false,
    { sentence: 'No answer.', exitCode: 4 },
  ],
  [
    'an upload that was interrupted',
    new UploadInterrupted('s', 'ingesting', new Error('SIGINT')),
    true,
    { sentence: 'Interrupted while waiting for ingestion.', exitCode: 130 },
  ],
  ['what an interruption leads to', lost, true, { sentence: 'Interrupted.', exitCode: 130 }],
];

for (const [title, error, interrupted, failure] of OTHERS) {
  test(`CLI.2: ${title} ends with ${failure.exitCode}`, () => {
    assert.deepEqual(failureOf(error, interrupted), failure);
  });
}
