import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { after, test } from 'node:test';
import tls from 'node:tls';
import { freePort } from '../../../../testing/server/free-port.ts';
import { runHere } from '../run-here.ts';

const listening = async (server: net.Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  return `127.0.0.1:${(server.address() as net.AddressInfo).port}`;
};

const answering = (status: number, body: string, headers = {}) =>
  listening(
    http.createServer((_, reply) => reply.writeHead(status, { connection: 'close', ...headers }).end(body)),
  );

const PAGE = '<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';
const webServer = await answering(200, '<html>Welcome</html>');
const otherJson = await answering(200, '{"ok":true}');
const notFound = await answering(404, PAGE.replace('502 Bad Gateway', '404 Not Found'));
const gateway = await answering(502, PAGE);
const teapot = await answering(418, PAGE.replace('502 Bad Gateway', 'Teapot'));
const redirect = await answering(301, '', { location: 'https://files.example.org/' });
const proxy = await answering(407, '');
const silent = await listening(net.createServer((socket) => socket.destroy()));
const ssh = await listening(net.createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')));
const handshakeOnly = await listening(tls.createServer());

const TOLD: [title: string, url: string, code: number, said: RegExp][] = [
  [
    'nothing listens',
    `http://127.0.0.1:${await freePort()}`,
    4,
    /nothing listens there \(connect ECONNREFUSED 127/,
  ],
  ['a port that browsers refuse', 'http://127.0.0.1:6000', 4, /nothing listens there/],
  ['no such host', 'http://no-such-host.invalid', 4, /(no host of that name|cannot be looked up now) \(/],
  [
    'https where http is spoken',
    `https://${webServer}`,
    4,
    /speaks no TLS: is it http:\/\/ in place of https:\/\/\?/,
  ],
  ['a server that hangs up', `http://${silent}`, 4, /it hung up; does it want https:\/\/\?/],
  ['http where https is spoken', `http://${handshakeOnly}`, 4, /it hung up; does it want https:\/\/\?/],
  ['no HTTP', `http://${ssh}`, 4, /speaks no HTTP/],
  [
    'a web server',
    `http://${webServer}`,
    3,
    /should be JSON and begins <html>.*; is it the address of the service/,
  ],
  ['another API', `http://${otherJson}`, 3, /JSON, but not the API's.*; is it the address of the service/],
  [
    'another path',
    `http://${notFound}/files`,
    3,
    /has no such API; is it the address of the service, .*\(404\)/,
  ],
  ['a gateway', `http://${gateway}`, 4, /A proxy answers there that does not reach the service \(502\)/],
  ['a proxy with a login', `http://${proxy}`, 3, /A proxy on the way wants a login of its own \(407\)/],
  ['a redirect', `http://${redirect}`, 3, /redirects to https:\/\/files\.example\.org\/.* \(301\)/],
  ['a page of whatever it is', `http://${teapot}`, 3, /A page answers: Teapot \(418\)/],
];

for (const [title, url, code, said] of TOLD) {
  test(`doctor tells of ${title}`, async () => {
    const ended = await runHere(['doctor'], { API_URL: url, API_KEY: 'api_x' });
    assert.match(ended.stdout, /^FAILED +server +[^\n]*\n$/);
    assert.match(ended.stdout, said);
    assert.deepEqual([ended.code, ended.stderr], [code, '']);
  });
}

test('doctor tells of an address that is none', async () => {
  const ended = await runHere(['doctor'], { API_URL: 'ftp://files.example.org', API_KEY: 'api_x' });
  assert.match(ended.stderr, /must start with http:\/\/ or https:\/\//);
  assert.equal(ended.code, 2);
});
