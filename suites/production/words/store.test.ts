import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { test } from 'node:test';
import { pino } from 'pino';
import { startServer } from '../../../packages/server/src/app.ts';
import { readConfig } from '../../../packages/server/src/settings/config.ts';
import { freshProductionSettings } from '../../../testing/production/production-services.ts';
import { services } from '../../../testing/production/services.ts';
import { temporaryFolder } from '../../../testing/server/harness.ts';
import { freePort } from '../../../testing/services/service.ts';
import { startSluiced } from '../faults/child-process.ts';
import { freshSettings } from '../faults/stage.ts';

const startWith = (settings: Record<string, string>, log = pino({ level: 'silent' })) => {
  const result = readConfig({ SLUICE_PORT: '0', ...settings });
  if ('problems' in result) throw new Error(result.problems.join());
  return startServer({ config: result.config, log, version: 'test', roles: { api: true, work: false } });
};

/** Listens on a free port as what is no store. */
const portOf = async (server: { listen(port: number, host: string): unknown; address(): unknown }) => {
  server.listen(0, '127.0.0.1');
  await once(server as never, 'listening');
  return (server.address() as AddressInfo).port;
};

for (const { name, endpoint } of services().stores) {
  test(`${name}: a server with wrong settings of the store starts, says what is wrong, and so does /health`, async (t) => {
    const good = await freshProductionSettings(services(), name);
    const web = createServer((_, response) => response.end('<html>welcome</html>'));
    const mute = createTcpServer((socket) => socket.destroy());
    t.after(() => {
      web.close();
      mute.close();
    });
    const other = `http://127.0.0.1:${await portOf(web)}`;
    const hangsUp = `http://127.0.0.1:${await portOf(mute)}`;
    const cases: [settings: Record<string, string>, words: RegExp, atHealth: boolean][] = [
      [{ SLUICE_BUCKET: 'not-there' }, /"not-there" at .*no such bucket.*NoSuchBucket.*SLUICE_BUCKET/, true],
      [
        { SLUICE_S3_ACCESS_KEY_ID: 'unknown-key' },
        /does not know the access key.*SLUICE_S3_ACCESS_KEY_ID/,
        true,
      ],
      [
        { SLUICE_S3_SECRET_ACCESS_KEY: 'wrong-secret' },
        /SignatureDoesNotMatch.*SLUICE_S3_SECRET_ACCESS_KEY/,
        true,
      ],
      [{ SLUICE_S3_REGION: 'eu-west-1' }, /in another region.*SLUICE_S3_REGION/, true],
      [
        { SLUICE_S3_ENDPOINT: 'http://127.0.0.1:1' },
        /127.0.0.1:1 .*nothing listens there.*SLUICE_S3_ENDPOINT/,
        true,
      ],
      [
        { SLUICE_S3_ENDPOINT: 'http://nobody.invalid' },
        /nobody.invalid .*(ENOTFOUND|EAI_AGAIN).*SLUICE_S3_ENDPOINT/,
        true,
      ],
      [{ SLUICE_S3_ENDPOINT: endpoint.replace('http:', 'https:') }, /TLS.*EPROTO.*SLUICE_S3_ENDPOINT/, true],
      [{ SLUICE_S3_ENDPOINT: hangsUp }, /hung up.*SLUICE_S3_ENDPOINT/, true],
      // It answers everything by 200.
      [{ SLUICE_S3_ENDPOINT: other }, /answers at http:.* no S3 store.*SLUICE_S3_ENDPOINT/, false],
    ];
    for (const [settings, words, atHealth] of cases) {
      const lines: string[] = [];
      const log = pino({ level: 'error' }, { write: (line: string) => lines.push(line) });
      const server = await startWith({ ...good, ...settings }, log);
      const said = await server.examine();
      const health = (await fetch(`${server.url}/health`)).status;
      await server.close();
      assert.match(said.join('\n'), words);
      assert.ok(!said.join().includes(good.SLUICE_S3_SECRET_ACCESS_KEY as string), said.join());
      assert.equal(health, atHealth ? 503 : 200, said.join());
      if (atHealth) assert.match(lines.join('\n').replaceAll('\\"', '"'), words);
    }
    const server = await startWith(good);
    assert.deepEqual(await server.examine(), []);
    await server.close();
  });
}

test('minio: forms that clients cannot post where they are sent are told with the address and the setting', async (t) => {
  const good = await freshProductionSettings(services(), 'minio');
  const web = createServer((_, response) => response.end('<html>welcome</html>'));
  t.after(() => web.close());
  const cases: [endpoint: string, words: RegExp][] = [
    [
      `http://127.0.0.1:${await freePort()}`,
      /posted to http:\/\/127.0.0.1:\d+\/.*nothing listens there \(ECONNREFUSED\)/,
    ],
    [`http://127.0.0.1:${await portOf(web)}`, /A form was answered by 200; it should be 204/],
  ];
  for (const [endpoint, words] of cases) {
    const server = await startWith({ ...good, SLUICE_S3_PUBLIC_ENDPOINT: endpoint });
    const [said = '', ...more] = await server.examine();
    await server.close();
    assert.match(said, words);
    assert.match(said, /Look at SLUICE_S3_PUBLIC_ENDPOINT\.$/);
    assert.deepEqual(more, []);
  }
});

test('commands that fail at the store say where, why, and which setting to look at', async (t) => {
  const good = await freshProductionSettings(services(), 'minio');
  const folder = await temporaryFolder(t);
  const embedded = startSluiced(t, ['serve'], { SLUICE_DATA_DIR: folder });
  await embedded.url;
  embedded.kill('SIGTERM');
  await embedded.ended;
  const settings = { ...good, SLUICE_S3_SECRET_ACCESS_KEY: 'wrong-secret' };
  const commands: [string[], RegExp][] = [
    [['bucket', 'setup'], /cannot be looked at\. The bucket/],
    [['bucket', 'check'], /^failed/],
    [['sweep'], /^sluiced: The bucket/],
    [['transfer', '--from', folder], /The folder is as it was; run the same command again/],
  ];
  for (const [args, words] of commands) {
    const command = startSluiced(t, args, settings);
    assert.equal(await command.ended, 1, command.output());
    assert.match(command.output(), words);
    assert.match(
      command.output(),
      /at http:.*SignatureDoesNotMatch, 403\)\. Look at SLUICE_S3_SECRET_ACCESS_KEY\./,
    );
    assert.ok(!command.output().includes('wrong-secret'), command.output());
  }
});

test('versitygw: uploads that go the wrong road are told at the start', async (t) => {
  const settings = { ...(await freshSettings('versitygw')), SLUICE_S3_UPLOADS: 'direct' };
  const api = startSluiced(t, ['serve', '--no-work'], settings);
  await api.url;
  while (!api.output().includes('in place of ${filename}')) await new Promise((go) => setTimeout(go, 50));
});
