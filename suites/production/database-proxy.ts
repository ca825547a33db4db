import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type DatabaseFault =
  | 'pass'
  /** New connections are reset, and those there are, too. */
  | 'reset'
  /** Nothing is passed on and nothing answered, as by a network that swallows all. */
  | 'hang'
  /** A commit goes through, its answer is lost: the connection is reset in place of it. */
  | 'lose_commit';

export type DatabaseProxy = {
  /** The database by way of this proxy. */
  url: string;
  /** @param nth which commit from now on `lose_commit` means */
  set(fault: DatabaseFault, nth?: number): void;
  /** Resolves when the answer to a commit has been lost. */
  lost(): Promise<void>;
  close(): Promise<void>;
};

/** A way to PostgreSQL on a free port of this machine, to be spoilt. Connections must not be encrypted. */
export const startDatabaseProxy = async (database: string): Promise<DatabaseProxy> => {
  const target = new URL(database);
  const sockets = new Set<Socket>();
  let fault: DatabaseFault = 'pass';
  let commits = 0;
  let lost = Promise.withResolvers<void>();

  const server = createServer((client) => {
    if (fault === 'reset') return void client.resetAndDestroy();
    const onward = connect(Number(target.port), target.hostname);
    let losing = false;
    for (const socket of [client, onward]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        onward.destroy();
      });
    }
    client.on('data', (bytes: Buffer) => {
      if (fault === 'hang') return;
      if (fault === 'lose_commit' && isCommit(bytes) && --commits === 0) {
        losing = true;
        fault = 'pass';
      }
      onward.write(bytes);
    });
    onward.on('data', (bytes: Buffer) => {
      if (losing) {
        client.resetAndDestroy();
        lost.resolve();
      } else if (fault !== 'hang') client.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(database);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url: url.href,
    set: (next, nth = 1) => {
      fault = next;
      commits = nth;
      if (next === 'lose_commit') lost = Promise.withResolvers();
      if (next === 'reset') for (const socket of sockets) socket.resetAndDestroy();
    },
    lost: () => lost.promise,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** A simple query that says so, in a message of its own. */
const isCommit = (bytes: Buffer): boolean =>
  bytes[0] === 0x51 && /^commit\0/i.test(bytes.toString('latin1', 5));
