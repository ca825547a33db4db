import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MultipartParser } from '../../../src/uploads/multipart/parser.ts';

const LIMITS = { headerBytes: 60, headers: 9, parts: 9 };

test('MPF.3: the headers of a part may be as large as the limit says, however they come', () => {
  const read = (size: number, piece: number): string => {
    const names: string[] = [];
    const parser = new MultipartParser(
      'x-y',
      {
        partBegin: ({ name }) => {
          names.push(name);
          return Number.POSITIVE_INFINITY;
        },
        partData: () => {},
        partEnd: () => {},
        formEnd: () => {},
      },
      LIMITS,
    );
    const headers = 'Content-Disposition: form-data; name="a"\r\nX: '.padEnd(size, 'x');
    const body = Buffer.from(`--x-y\r\n${headers}\r\n\r\n1\r\n--x-y--`);
    try {
      for (let at = 0; at < body.length; at += piece) parser.write(body.subarray(at, at + piece));
      parser.end();
      return names.join();
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  for (const piece of [1, 7, 1000]) {
    assert.equal(read(LIMITS.headerBytes, piece), 'a', `${piece} bytes at a time`);
    assert.equal(read(LIMITS.headerBytes + 1, piece), 'HEADERS_TOO_LARGE', `${piece} bytes at a time`);
  }
});
