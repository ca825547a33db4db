import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import type { UploadForm } from '@sluice/contract';

export type RawAnswer = { status: number; reason: string; headers: Map<string, string>; body: string };

export type RawConnection = {
  socket: Socket;
  write(bytes: Buffer | string): void;
  /** Resolves once the bytes are with the operating system. */
  flushed(bytes: Buffer | string): Promise<void>;
  /** The next answer, 100 Continue included. Undefined if the connection ends before one is whole. */
  answer(): Promise<RawAnswer | undefined>;
  /** Resolves when the connection is over, however it ended. */
  over: Promise<void>;
};

/** A connection on which every byte is ours. */
export const openConnection = async (t: TestContext, port: number): Promise<RawConnection> => {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  t.after(() => socket.destroy());
  let received = Buffer.alloc(0);
  let ended = false;
  let wake = () => {};
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    wake();
  });
  socket.on('error', () => {});
  const over = new Promise<void>((resolve) => {
    socket.on('close', () => {
      ended = true;
      wake();
      resolve();
    });
  });
  await new Promise<void>((resolve) => socket.on('connect', resolve));
  const answer = async (): Promise<RawAnswer | undefined> => {
    for (;;) {
      const read = readAnswer(received);
      if (read !== undefined) {
        received = received.subarray(read.length);
        return read.answer;
      }
      if (ended) return undefined;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return {
    socket,
    write: (bytes) => socket.write(bytes),
    flushed: (bytes) => new Promise((resolve) => socket.write(bytes, () => resolve())),
    answer,
    over,
  };
};

const readAnswer = (bytes: Buffer): { answer: RawAnswer; length: number } | undefined => {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const [, status, reason = ''] = /^HTTP\/1\.1 (\d{3}) (.*)$/.exec(statusLine) ?? [];
  const headers = new Map(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  const length = end + 4 + Number(headers.get('content-length') ?? 0);
  if (bytes.length < length) return undefined;
  return {
    answer: { status: Number(status), reason, headers, body: bytes.toString('utf8', end + 4, length) },
    length,
  };
};

const BOUNDARY = '0123456789abcdef0123456789abcdef';

export type BodyOptions = {
  filename?: string | undefined;
  content?: string | Buffer;
  /** Fields that come after the form's own, and before the file. */
  fields?: readonly (readonly [string, string | Buffer])[];
  /** What comes after the file. */
  after?: readonly (readonly [string, string | Buffer])[];
  /** Name of the part that holds the file. */
  fileField?: string;
};

/** A body as the official SDK sends it: a content type in every part, before the disposition. */
export const formBody = (form: UploadForm, options: BodyOptions = {}): Buffer => {
  const { filename = 'a.txt', content = 'content', fields = [], after = [], fileField = 'file' } = options;
  const part = (name: string, value: string | Buffer, more = '', type = 'text/plain; charset=utf-8') => [
    `--${BOUNDARY}\r\nContent-Type: ${type}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`,
    value,
    '\r\n',
  ];
  const pieces = [
    ...Object.entries(form.fields).flatMap(([name, value]) => part(name, value)),
    ...fields.flatMap(([name, value]) => part(name, value)),
    ...part(fileField, content, `; filename="${filename}"`, 'text/plain'),
    ...after.flatMap(([name, value]) => part(name, value)),
    `--${BOUNDARY}--\r\n`,
  ];
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece as string)));
};

/** The head of a request and its body. */
export const request = (
  form: UploadForm,
  body: Buffer,
  headers: Record<string, string | undefined> = {},
  method = 'POST',
): Buffer => {
  const { pathname, host } = new URL(form.url);
  const all = {
    Host: host,
    'Content-Length': String(body.length),
    'Content-Type': `multipart/form-data; boundary=${BOUNDARY}`,
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}\r\n`],
  );
  return Buffer.concat([Buffer.from(`${method} ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n`), body]);
};

/** One upload on a connection of its own. */
export const post = async (
  t: TestContext,
  form: UploadForm,
  options: BodyOptions & { headers?: Record<string, string | undefined> } = {},
): Promise<RawAnswer> => {
  const connection = await openConnection(t, Number(new URL(form.url).port));
  connection.write(request(form, formBody(form, options), options.headers));
  const answer = await connection.answer();
  connection.socket.destroy();
  if (answer === undefined) throw new Error('the connection ended without an answer');
  return answer;
};

/** `<Code>` and other elements of an error. */
export const element = ({ body }: RawAnswer, name: string): string | undefined =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1];
