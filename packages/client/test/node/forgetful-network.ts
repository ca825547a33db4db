import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { after } from 'node:test';

/**
 * A way to a server as a firewall is that forgets connections at rest: once told to forget, it answers the next thing
 * that is sent on one with a reset, and the server gets nothing of it. New connections pass.
 */
export const startForgetfulNetwork = async (to: () => string) => {
  const kept = new Set<Socket>();
  const forgotten = new WeakSet<Socket>();
  const network = {
    url: '',
    /** Connections that were made, and those that were reset since. */
    made: 0,
    reset: 0,
    /** Connections that are made from now on are forgotten at once. */
    forgetAlways: false,
    /** With `answers`, the next request still reaches the server, and only its answer is lost. */
    forget: ({ answers = false } = {}) => {
      for (const socket of kept) {
        if (answers) silenced.add(socket);
        else forgotten.add(socket);
      }
    },
  };
  const silenced = new WeakSet<Socket>();
  const server = createServer((client) => {
    network.made++;
    kept.add(client);
    const onward = connect(Number(new URL(to()).port), '127.0.0.1');
    const end = () => {
      network.reset++;
      client.resetAndDestroy();
      onward.destroy();
    };
    client.on('data', (bytes) =>
      network.forgetAlways || forgotten.has(client) ? end() : onward.write(bytes),
    );
    onward.on('data', (bytes) => (silenced.has(client) ? end() : client.write(bytes)));
    client.on('error', () => onward.destroy());
    onward.on('error', () => client.destroy());
    client.on('close', () => {
      kept.delete(client);
      onward.destroy();
    });
    onward.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    for (const socket of kept) socket.destroy();
    server.close();
  });
  network.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return network;
};
