import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const HEAD = 'Host: sluice\r\n';
const BODY = `${HEAD}Content-Length: 10\r\n\r\n`;
const BUCKET = '/sluice-user-files-upload';

/** What is sent, and the status it is answered with before all of it has come, or though more than it has. */
export const EARLY_ANSWERS: Record<string, { sent: string; status: number; half?: boolean }> = {
  'a body that does not come': { sent: `POST /api/v1/token HTTP/1.1\r\n${BODY}`, status: 401 },
  'half a body': { sent: `POST /api/v1/token HTTP/1.1\r\n${BODY}abc`, status: 401 },
  'a chunked body': {
    sent: `POST /api/v1/token HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`,
    status: 401,
  },
  'half a body, and no more to come': {
    sent: `POST /api/v1/token HTTP/1.1\r\n${BODY}abc`,
    status: 401,
    half: true,
  },
  'a body to be asked for': {
    sent: `POST /api/v1/token HTTP/1.1\r\nExpect: 100-continue\r\n${BODY}`,
    status: 401,
  },
  'another expectation': { sent: `POST /api/v1/token HTTP/1.1\r\nExpect: tea\r\n${BODY}`, status: 417 },
  'a wish for another protocol': {
    sent: `POST /api/v1/token HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n${BODY}`,
    status: 401,
  },
  'a tunnel': { sent: `CONNECT sluice:80 HTTP/1.1\r\n${HEAD}\r\n`, status: 405 },
  'HEAD with a body': { sent: `HEAD /api/v1/me HTTP/1.1\r\n${BODY}`, status: 401 },
  'GET with a body': { sent: `GET /ready HTTP/1.1\r\n${BODY}`, status: 200 },
  'OPTIONS with a body': { sent: `OPTIONS /api/v1/token HTTP/1.1\r\n${BODY}`, status: 204 },
  'a preflight with a body': {
    sent: `OPTIONS /api/v1/token HTTP/1.1\r\nOrigin: http://a.example\r\nAccess-Control-Request-Method: POST\r\n${BODY}`,
    status: 204,
  },
  'a last answer to half a body': {
    sent: `POST /api/v1/token HTTP/1.1\r\nConnection: close\r\n${BODY}abc`,
    status: 401,
  },
  'HTTP/1.0 with half a body': { sent: `POST /api/v1/token HTTP/1.0\r\n${BODY}abc`, status: 401 },
  'a path with a host': { sent: `PUT http://a.example/api/v1/me HTTP/1.1\r\n${BODY}`, status: 405 },
  'a path with needless escapes': { sent: `PUT /api/%76%31/me?a HTTP/1.1\r\n${BODY}`, status: 405 },
  'OPTIONS of an operation with a body': { sent: `OPTIONS /live HTTP/1.1\r\n${BODY}`, status: 405 },
  'a form at a path with a host': { sent: `POST http://a.example${BUCKET} HTTP/1.1\r\n${BODY}`, status: 400 },
  'a path that is no route': { sent: `POST /nothing HTTP/1.1\r\n${BODY}`, status: 404 },
  'a method that a path does not take': { sent: `PUT /api/v1/me HTTP/1.1\r\n${BODY}`, status: 405 },
  'QUERY with a body': { sent: `QUERY /api/v1/me HTTP/1.1\r\n${BODY}`, status: 405 },
  'PROPFIND of nothing': { sent: `PROPFIND /nothing HTTP/1.1\r\n${BODY}`, status: 404 },
  'a path that cannot be decoded': {
    sent: `POST /api/v1/workspaces/%zz/files HTTP/1.1\r\n${BODY}`,
    status: 400,
  },
  'a path that is too long': {
    sent: `POST /api/v1/workspaces/${'x'.repeat(4000)}/files HTTP/1.1\r\n${BODY}`,
    status: 414,
  },
  'a body that is compressed on its way': {
    sent: `POST /api/v1/token HTTP/1.1\r\n${HEAD}Transfer-Encoding: gzip, chunked\r\n\r\n3\r\nabc\r\n`,
    status: 501,
  },
  'no host': { sent: 'POST /api/v1/token HTTP/1.1\r\nContent-Length: 10\r\n\r\n', status: 400 },
  'too long a head': { sent: `GET /ready HTTP/1.1\r\n${HEAD}X: ${'x'.repeat(20_000)}\r\n\r\n`, status: 431 },
  'no HTTP': { sent: 'hello\r\n\r\n', status: 400 },
  'half a head, and no more to come': { sent: 'GET /ready HT', status: 400, half: true },
  'a chunk without a length': {
    sent: `POST /api/v1/token HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
    status: 400,
  },
  'an upload without a key': {
    sent: `POST /api/v1/workspaces/default/files HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=b\r\n${BODY}`,
    status: 401,
  },
  'no form': { sent: `POST ${BUCKET} HTTP/1.1\r\n${BODY}`, status: 400 },
  'a large body that is no form': {
    sent: `POST ${BUCKET} HTTP/1.1\r\n${HEAD}Content-Length: 100000000\r\n\r\nabc`,
    status: 400,
  },
  'GET of a form': { sent: `GET ${BUCKET} HTTP/1.1\r\n${BODY}`, status: 405 },
  'a preflight of a form': {
    sent: `OPTIONS ${BUCKET} HTTP/1.1\r\nOrigin: http://a.example\r\n${BODY}`,
    status: 204,
  },
  'a form that is none': {
    sent: `POST ${BUCKET} HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=b\r\n${BODY}0123456789`,
    status: 400,
  },
};

/** A connection that has sent something. */
export const send = (url: string, sent: string, half = false): Socket => {
  const socket = connect({
    port: Number(new URL(url).port),
    host: new URL(url).hostname,
    allowHalfOpen: true,
  });
  socket.on('error', () => {}); // it may well be reset
  socket.setEncoding('latin1').write(sent);
  if (half) socket.end();
  return socket;
};

/** The status and the rest of what was answered so far; of `100 Continue` only what follows it. */
export const firstAnswer = async (socket: Socket): Promise<{ status: number; rest: string }> => {
  let said = '';
  for (;;) {
    const [chunk] = await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => [undefined])]);
    if (chunk === undefined) throw new Error(`it ended after ${JSON.stringify(said)}`);
    said = (said + chunk).replace(/^HTTP\/1.1 100 Continue\r\n\r\n/, '');
    const [head, ...rest] = said.split('\r\n\r\n');
    if (rest.length > 0) return { status: Number(head?.split(' ', 2)[1]), rest: rest.join('\r\n\r\n') };
  }
};
