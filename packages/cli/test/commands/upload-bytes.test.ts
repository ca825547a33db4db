import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createClient } from '@sluice/client/node';
import { startSluice } from '../../../../testing/server/sluice-server.ts';
import { emptyFolder, sluiceFor } from '../../../../testing/terminal/run-sluice.ts';

const server = await startSluice();
const client = createClient(server);
const sluice = sluiceFor(server);
const onlyLinux = { skip: process.platform !== 'linux' };

const folder = await emptyFolder();
const at = (name: string) => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')]);
if (!onlyLinux.skip) {
  mkdirSync(at('d\xe9'));
  writeFileSync(at('R\xe9.txt'), 'one');
  writeFileSync(at('R\xe9.txt.meta.json'), '{"year":2026}');
  writeFileSync(at('R\xe8.txt'), '');
  writeFileSync(at('d\xe9/x.md'), 'x');
  writeFileSync(at('d\xe9/y\n.md'), 'y');
}

test(
  'NAM.2: each name that is no UTF-8 has its line, is sent under one made from it, and is found by a report',
  onlyLinux,
  async () => {
    const report = join(await emptyFolder(), 'r.csv');
    const { code, stdout } = await sluice(['upload', folder, '--report', report]);
    assert.equal(code, 1);
    for (const line of [
      /^renamed +R%E9\.txt +3 B +On disk it is called R\\xE9\.txt, which is no UTF-8\.$/m,
      /^renamed +R%E8\.txt +0 B +On disk it is called R\\xE8\.txt/m,
      /^renamed +d%E9\/x\.md +1 B +On disk it is called d\\xE9\/x\.md/m,
      /^failed +R%E8\.txt +0 B +EMPTY_FILE +The file has no content\. On disk it is called R\\xE8\.txt/m,
      /^failed +d%E9\/y\ufffd\.md .*control character\. On disk/m,
    ]) {
      assert.match(stdout, line);
    }
    const { data } = await client.files.list('default', { field: 'name' });
    assert.deepEqual(
      data.map(({ name, meta }) => [name, meta]),
      [
        ['R%E9.txt', { year: 2026 }],
        ['d%E9/x.md', {}],
      ],
    );
    assert.match(
      readFileSync(report, 'utf8'),
      /,file:\/\/\/[^,]*R%E9\.txt,file:\/\/\/[^,]*R%E9\.txt\.meta\.json,/,
    );
    writeFileSync(at('R\xe8.txt'), 'mended');
    const again = await sluice(['upload', '--from-report', report]);
    assert.match(again.stdout, /^1 finished, 1 failed\.$/m);
    assert.match(again.stdout, /^renamed +R%E8\.txt +6 B +On disk it is called R\\xE8\.txt/m);
    assert.match(again.stdout, /^renamed +d%E9\/y\ufffd\.md +1 B +On disk it is called d\\xE9\/y/m);
    assert.equal((await client.files.list('default', { name: 'R%E8.txt' })).data[0]?.size, 6);
  },
);

/** As a shell gives them: Node itself passes on only text. */
const typed = (line: string): Promise<{ stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const main = fileURLToPath(new URL('../../src/sluice.mjs', import.meta.url));
    const env = { PATH: process.env.PATH, HOME: folder, API_KEY: 'api_x' };
    const command = `sluice() { ${process.execPath} ${main} "$@"; }; cd ${folder}; ${line}`;
    execFile('/bin/sh', ['-c', command], { env }, (_, stdout, stderr) => resolve({ stdout, stderr }));
  });

const TYPED: [title: string, line: string, said: RegExp][] = [
  ['a file', 'sluice upload "$(printf \'R\\351.txt\')" --dry-run', /^would send {2}R%E9\.txt {2}3 B/],
  [
    'two that Node gives as one',
    'sluice upload "$(printf \'R\\351.txt\')" "$(printf \'R\\350.txt\')" --dry-run',
    /R%E9\.txt[\s\S]*R%E8\.txt/,
  ],
  ['a folder', 'sluice upload "$(printf \'d\\351\')" --dry-run', /^would send {2}x\.md/m],
  [
    'within such a folder',
    'cd "$(printf \'d\\351\')"; sluice upload x.md --dry-run',
    /^would send {2}x\.md {2}1 B/,
  ],
  [
    'a download into such a folder',
    'cd "$(printf \'d\\351\')"; sluice download',
    /d\\xE9 has a name that is no UTF-8; give another folder with --file-dir\.$/m,
  ],
  ['nothing there', 'sluice upload "$(printf \'n\\351\')" --dry-run', /nothing to read at n\\xE9\.$/m],
];

for (const [title, line, said] of TYPED) {
  test(`NAM.2: typed as it is: ${title}`, onlyLinux, async () => {
    const { stdout, stderr } = await typed(line);
    assert.match(stdout + stderr, said);
  });
}
