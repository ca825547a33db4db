import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DomainError } from '../../src/domain/errors.ts';
import { causeOf } from '../../src/domain/failures/failure-cause.ts';
import { HOUR, SECOND } from '../../src/domain/instant.ts';
import { asStoreError } from '../../src/objects/s3/errors.ts';
import { storageUnavailable } from '../../src/objects/storage-unavailable.ts';
import { createFailingWork } from '../../src/service/failing-work.ts';
import { translated } from '../../src/store/postgres/errors.ts';

const setUp = () => {
  let now = 1;
  const advance = (by: number) => {
    now += by;
  };
  return { work: createFailingWork(() => now), advance };
};

test('the first is told, then fewer and fewer, each with how many were not', () => {
  const { work, advance } = setUp();
  const told: [number, number][] = [];
  for (let second = 0; second < 6 * 3600; second++) {
    const untold = work.isToBeTold('ingest', 'store');
    if (untold !== undefined) told.push([second, untold]);
    advance(SECOND);
  }
  assert.deepEqual(told.slice(0, 5), [
    [0, 0],
    [10, 9],
    [30, 19],
    [70, 39],
    [150, 79],
  ]);
  const [before, last] = told.slice(-2) as [[number, number], [number, number]];
  assert.equal(last[0] - before[0], HOUR / SECOND, 'never longer than that');
  assert.equal(work.isToBeTold('ingest', 'database'), 0, 'another cause is told at once');
  assert.equal(work.isToBeTold('sweep', 'store'), 0, 'and so is another kind');
  work.failed('ingest', 'store');
  work.succeeded('ingest');
  assert.equal(work.isToBeTold('ingest', 'store'), 0, 'after a success it is news');
  assert.equal(work.isToBeTold('sweep', 'store'), undefined);
});

test('a kind of which nothing succeeds for a while is reported, until one does', () => {
  const { work, advance } = setUp();
  work.failed('ingest', 'store');
  work.failed('queue', 'database');
  assert.deepEqual(work.report(), []);
  advance(29 * SECOND);
  work.failed('ingest', 'store_refused');
  assert.deepEqual(work.report(), []);
  advance(2 * SECOND);
  assert.deepEqual(work.report(), [{ kind: 'ingest', cause: 'store_refused', seconds: 31 }]);
  work.succeeded('sweep');
  assert.equal(work.report().length, 1);
  work.succeeded('ingest');
  assert.deepEqual(work.report(), []);
});

test('an error counts once, though it is told, thrown, wrapped and gathered', () => {
  const { work } = setUp();
  const [first, second] = [new Error('1'), new Error('2')];
  assert.equal(work.isNew(first), true);
  assert.equal(work.isNew(first), false);
  assert.equal(work.isNew(new Error('more', { cause: first })), false);
  assert.equal(work.isNew(new AggregateError([first, second])), true);
  assert.equal(work.isNew(second), true, 'what only a gathering carried was not told by itself');
  assert.equal(work.isNew(new AggregateError([first, second])), false);
  assert.equal(work.isNew('text'), true);
});

test('every failure has one of few causes', () => {
  const answered = (name: string, status?: number) =>
    asStoreError(Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } }));
  const withCode = (code: string, more = {}) => Object.assign(new Error(code), { code, ...more });
  const expected: [unknown, string][] = [
    [answered('AccessDenied', 403), 'store_refused'],
    [answered('SignatureDoesNotMatch', 403), 'store_refused'],
    [answered('NoSuchBucket', 404), 'store_refused'],
    [answered('SlowDown', 429), 'store'],
    [answered('InternalError', 500), 'store'],
    [answered('TimeoutError'), 'timeout'],
    [asStoreError(withCode('ECONNREFUSED')), 'store'],
    [asStoreError(withCode('ETIMEDOUT')), 'timeout'],
    [storageUnavailable('disk full'), 'store'],
    [translated(withCode('ECONNREFUSED')), 'database'],
    [translated(withCode('57014')), 'timeout'],
    [translated(new Error('timeout exceeded when trying to connect')), 'timeout'],
    [withCode('42501', { severity: 'ERROR' }), 'database'],
    [withCode('ERR_SQLITE_ERROR'), 'database'],
    [new Error('it could not be queued', { cause: translated(withCode('53300')) }), 'database'],
    [new AggregateError([new Error('?'), answered('AccessDenied', 403)]), 'store_refused'],
    [new DomainError('NOT_FOUND', 'x'), 'other'],
    [new TypeError('x is undefined'), 'other'],
    ['text', 'other'],
  ];
  for (const [error, cause] of expected) assert.equal(causeOf(error), cause, String(error));
});
