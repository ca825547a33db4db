import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Connections that send a little and then nothing. The server may end them; they go after some seconds anyway. */
export const holdConnections = async (url: URL, count: number, seconds: number): Promise<void> => {
  const sockets = Array.from({ length: count }, () => openSocket(url));
  for (const socket of sockets) socket.write('POST ');
  await sleep(seconds * 1000);
  for (const socket of sockets) socket.destroy();
};

/** Requests of one connection that do not wait for their answers. Ends with the last answer, or where the server cuts it. */
export const pipeline = async (url: URL, requests: readonly string[]): Promise<void> => {
  const socket = openSocket(url);
  let answers = 0;
  socket.on('data', (data) => {
    answers += data.toString('latin1').split('HTTP/1.1 ').length - 1;
    if (answers >= requests.length) socket.destroy();
  });
  socket.write(requests.join(''));
  await once(socket, 'close');
};

const openSocket = (url: URL): Socket => {
  const socket = connect({ host: url.hostname, port: Number(url.port) });
  socket.on('error', () => socket.destroy());
  return socket;
};
