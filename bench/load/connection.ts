import { connect as connectSocket } from 'node:net';
import { type OnResponse, responseReader } from './responses.ts';

export type Connection = {
  /** One request, or a piece of one. False: wait for `drained` before the next piece. */
  write(bytes: Buffer): boolean;
  drained(): Promise<void>;
  /** From here on, the other side may close it as well. */
  close(): void;
};

/**
 * A keep-alive connection. One request at a time: the next after `onResponse`. Rejects if there is no connecting;
 * `onFailure` comes at most once and after that, if the connection breaks or what comes is no response.
 */
export const openConnection = async (
  url: URL,
  onResponse: OnResponse,
  onFailure: (error: Error) => void,
): Promise<Connection> => {
  const connected = Promise.withResolvers<void>();
  let drain = Promise.withResolvers<void>();
  let fail: ((error: Error) => void) | undefined = connected.reject;
  const end = (error?: Error): void => {
    socket.destroy();
    if (error) fail?.(error);
    fail = undefined;
  };
  const push = responseReader(onResponse);
  const socket = connectSocket({
    host: url.hostname,
    port: Number(url.port),
    noDelay: true,
    onread: {
      // One buffer per connection, read into again and again: no allocation per response.
      buffer: Buffer.allocUnsafe(65_536),
      callback: (length, buffer) => {
        try {
          push(Buffer.from(buffer.buffer, buffer.byteOffset, length));
        } catch (error) {
          end(error as Error);
        }
        return true;
      },
    },
  });
  socket.on('connect', () => {
    fail = onFailure;
    connected.resolve();
  });
  socket.on('drain', () => {
    drain.resolve();
    drain = Promise.withResolvers();
  });
  socket.on('error', end);
  socket.on('close', () => end(new Error('The server closed a connection that was in use')));
  await connected.promise;
  return { write: (bytes) => socket.write(bytes), drained: () => drain.promise, close: () => end() };
};
