/** `body` is a view that is only valid during the call. */
export type OnResponse = (status: number, body: Buffer) => void;

/**
 * Reads HTTP/1.1 responses from a byte stream, as little of each as a load generator must: the status line and
 * Content-Length (RFC 9112, 6.3). Chunked bodies are an error: neither server of the bench sends any to it.
 */
export const responseReader = (onResponse: OnResponse): ((chunk: Buffer) => void) => {
  let kept: Buffer | undefined;
  return (chunk) => {
    let bytes = kept ? Buffer.concat([kept, chunk]) : chunk;
    kept = undefined;
    while (bytes.length > 0) {
      const response = readResponse(bytes);
      if (!response) break;
      bytes = bytes.subarray(response.length);
      onResponse(response.status, response.body);
    }
    // The chunk is the socket's own buffer and is overwritten by the next read.
    if (bytes.length > 0) kept = Buffer.from(bytes);
  };
};

const HEAD_END = Buffer.from('\r\n\r\n');

/** The first response, undefined while it is not complete. */
const readResponse = (bytes: Buffer): { status: number; body: Buffer; length: number } | undefined => {
  const end = bytes.indexOf(HEAD_END);
  if (end === -1) return undefined;
  const head = bytes.toString('latin1', 0, end);
  const status = Number(head.slice(9, 12));
  if (!head.startsWith('HTTP/1.1 ') || !(status >= 200 && status < 600)) {
    throw new Error(`Not a final HTTP/1.1 response: ${head.slice(0, 60)}`);
  }
  const bodyStart = end + HEAD_END.length;
  const length = bodyStart + bodyLength(status, head);
  return bytes.length < length ? undefined : { status, body: bytes.subarray(bodyStart, length), length };
};

const bodyLength = (status: number, head: string): number => {
  if (status === 204 || status === 304) return 0;
  const match = /\r\ncontent-length: *(\d+)/i.exec(head);
  if (!match) throw new Error(`A response without Content-Length: ${head.slice(0, 200)}`);
  return Number(match[1]);
};
