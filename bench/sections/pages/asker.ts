import { CorrectnessError } from '../../correctness.ts';
import { openConnection } from '../../load/connection.ts';

export type Answer = { milliseconds: number; body: Buffer };

export type Asker = Disposable & {
  /** Asks one thing at a time; anything but 200 rejects. */
  ask(request: Buffer): Promise<Answer>;
};

/** One connection for many questions, with as little around each as the load generator has. */
export const openAsker = async (url: URL): Promise<Asker> => {
  let pending = Promise.withResolvers<Answer>();
  let askedAt = 0;
  const connection = await openConnection(
    url,
    (status, body) => {
      const milliseconds = performance.now() - askedAt;
      if (status === 200) pending.resolve({ milliseconds, body: Buffer.from(body) });
      else pending.reject(new CorrectnessError(`A page was answered ${status}: ${body.toString()}`));
    },
    (error) => pending.reject(error),
  );
  return {
    ask: (request) => {
      pending = Promise.withResolvers();
      askedAt = performance.now();
      connection.write(request);
      return pending.promise;
    },
    [Symbol.dispose]: () => connection.close(),
  };
};

export const getRequest = (url: URL, path: string, key: string): Buffer =>
  Buffer.from(
    `GET ${path} HTTP/1.1\r\nHost: ${url.host}\r\nAccept: application/json\r\nAuthorization: Bearer ${key}\r\n\r\n`,
  );
