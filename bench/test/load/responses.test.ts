import assert from 'node:assert/strict';
import { test } from 'node:test';
import { responseReader } from '../../load/responses.ts';

const STREAM = Buffer.from(
  'HTTP/1.1 204 No Content\r\nETag: "x"\r\n\r\n' +
    'HTTP/1.1 200 OK\r\ncontent-length:  5\r\n\r\nhello' +
    'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n',
);
const RESPONSES = [
  [204, ''],
  [200, 'hello'],
  [403, ''],
];

test('responses are the same wherever the stream is cut', () => {
  for (let size = 1; size <= STREAM.length; size++) {
    const seen: [number, string][] = [];
    const push = responseReader((status, body) => seen.push([status, body.toString()]));
    const chunk = Buffer.alloc(size);
    for (let at = 0; at < STREAM.length; at += size) {
      const length = STREAM.copy(chunk, 0, at, at + size);
      push(chunk.subarray(0, length)); // always the same memory, as from the socket
    }
    assert.deepEqual(seen, RESPONSES, `in chunks of ${size}`);
  }
});

test('what is no plain response is an error', () => {
  const streams = [
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
    'HTTP/1.1 100 Continue\r\n\r\n',
    'SSH-2.0-OpenSSH_9.6\r\n\r\n',
  ];
  for (const stream of streams) {
    assert.throws(() => responseReader(() => {})(Buffer.from(stream)), Error, stream);
  }
});
