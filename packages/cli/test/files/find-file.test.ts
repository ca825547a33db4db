import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameInHeader } from '../../src/files/find-file.ts';

const HEADERS: [header: string, name: string | undefined][] = [
  ['attachment; filename="a b.txt"', 'a b.txt'],
  ['attachment; filename="say \\"hi\\", \\\\.txt"', 'say "hi", \\.txt'],
  ['attachment; filename=plain.txt', 'plain.txt'],
  [`attachment; filename="G?ste.txt"; filename*=UTF-8''G%C3%A4ste.txt`, 'Gäste.txt'],
  [`attachment; FileName*=utf-8''a%2Bb`, 'a+b'],
  [`attachment; filename*=UTF-8''%ff`, undefined],
  ['attachment', undefined],
  ['', undefined],
];

for (const [header, name] of HEADERS) {
  test(`NAM.8: ${header || 'no header'} names ${name}`, () => assert.equal(nameInHeader(header), name));
}
