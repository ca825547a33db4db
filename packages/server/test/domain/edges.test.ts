import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METADATA_LIMITS } from '@sluice/contract';
import { MAX_NAME_BYTES, MAX_SEGMENT_BYTES, nameProblem } from '../../src/domain/file-name.ts';
import { metadataProblem, readMetadata } from '../../src/domain/metadata/metadata.ts';

test('NAM.3: a name, and a part of it, may be as long as its limit, in bytes', () => {
  const nameOf = (bytes: number): string => {
    let name = '';
    while (Buffer.byteLength(name) < bytes - 2) name += name.length % 100 === 99 ? '/' : 'é';
    return name.padEnd(name.length + bytes - Buffer.byteLength(name), 'x');
  };
  for (const [name, isTaken] of [
    [nameOf(MAX_NAME_BYTES), true],
    [nameOf(MAX_NAME_BYTES + 1), false],
    ['x'.repeat(MAX_SEGMENT_BYTES), true],
    ['x'.repeat(MAX_SEGMENT_BYTES + 1), false],
  ] as const) {
    assert.equal(nameProblem(name) === null, isTaken, `${Buffer.byteLength(name)} bytes`);
  }
});

test('MET.1: metadata, and a value of it, may be as large as its limit, in bytes', () => {
  const { totalBytes, valueBytes } = METADATA_LIMITS;
  const value = (bytes: number) => 'é'.repeat(bytes / 2).padEnd(bytes - Math.floor(bytes / 2), 'x');
  assert.equal(metadataProblem({ a: value(valueBytes) }), null);
  assert.equal(metadataProblem({ a: value(valueBytes + 1) })?.code, 'METADATA_TOO_LARGE');

  /** Values of 1,000 bytes each, and one of what is left. */
  const whole = (bytes: number) => {
    const values = Array.from({ length: Math.floor(bytes / 1100) }, () => 'x'.repeat(1000));
    const rest = bytes - JSON.stringify({ a: [...values, ''] }).length;
    const last = Array.from({ length: Math.floor(rest / 1000) }, () => 'x'.repeat(997));
    const left = bytes - JSON.stringify({ a: [...values, ...last, ''] }).length;
    return { a: [...values, ...last, 'x'.repeat(left)] };
  };
  const [full, over] = [whole(totalBytes), whole(totalBytes + 1)];
  assert.equal(JSON.stringify(full).length, totalBytes);
  assert.equal(metadataProblem(full), null);
  assert.equal(metadataProblem(over)?.code, 'METADATA_TOO_LARGE');
  assert.ok('metadata' in readMetadata(Buffer.from(JSON.stringify(full))));
  assert.ok('problem' in readMetadata(Buffer.from(`${JSON.stringify(full)} `)), 'blanks count as they came');
});
