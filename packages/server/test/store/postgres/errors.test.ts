import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DomainError } from '../../../src/domain/errors.ts';
import { isConflict, isConnectionLoss, translated } from '../../../src/store/postgres/errors.ts';

const coded = (code: string) => Object.assign(new Error('of the driver'), { code });

test('what speaks of the server is an outage, what speaks of the statement stays as it is', () => {
  for (const error of [
    ...['57P01', '57P02', '57P03', '53300', '53100', '57014', '08006', '25P03', '40P01'].map(coded),
    ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND'].map(coded),
    new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')]),
    new Error('Connection terminated unexpectedly'),
    new Error('timeout exceeded when trying to connect'),
    new Error('Query read timeout'),
  ]) {
    const told = translated(error);
    assert.ok(told instanceof DomainError && told.code === 'STORAGE_UNAVAILABLE', error.message);
    assert.equal(told.cause, error);
  }
  for (const error of [coded('23505'), coded('42601'), coded('28P01'), new Error('anything'), 'no error']) {
    assert.equal(translated(error), error);
  }
});

test('a connection is lost by an end of the server, not by an end of the statement', () => {
  assert.equal(isConnectionLoss(coded('57P01')), true);
  assert.equal(isConnectionLoss(new Error('Query read timeout')), true);
  assert.equal(isConnectionLoss(coded('57014')), false);
  assert.equal(isConnectionLoss(coded('40P01')), false);
});

test('a deadlock and a serialization failure can be done again, also once they are translated', () => {
  for (const error of [coded('40P01'), coded('40001')]) {
    assert.equal(isConflict(error), true);
    assert.equal(isConflict(translated(error)), true);
  }
  assert.equal(isConflict(translated(coded('57P01'))), false);
  assert.equal(isConflict(coded('23505')), false);
});
