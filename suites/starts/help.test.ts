import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { MAIN } from '../../testing/server/server-process.ts';

/** What needs no settings, no folder and no database. */
const sluiced = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    env: {},
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};

test('help is what is asked for, behind any command, and no error', () => {
  const asked = sluiced('help');
  assert.equal(asked.status, 0);
  assert.match(asked.stdout, /^Usage: sluiced <command>\n/);
  for (const args of [
    ['--help'],
    ['token', 'create', '--help'],
    ['bucket', 'check', '-h'],
    ['help', 'serve'],
  ]) {
    assert.deepEqual(sluiced(...args), asked, args.join(' '));
  }
  assert.deepEqual(sluiced(), { status: 2, stdout: '', stderr: asked.stdout });
});

for (const [args, said] of [
  [['serv'], /^sluiced: there is no command "serv"; "sluiced help" names them\n$/],
  [['--serve'], /^sluiced: there is no command "--serve"/],
  [['constructor'], /^sluiced: there is no command "constructor"/],
  [['serve', '--nowork'], /^sluiced: serve takes --no-work and nothing else, not "--nowork"\n$/],
  [['work', '--no-work'], /^sluiced: work takes nothing else, not "--no-work"\n$/],
  [['migrate', 'now'], /^sluiced: migrate takes nothing else, not "now"\n$/],
  [['bucket'], /^sluiced: bucket takes setup or check\n$/],
  [['token', 'list'], /^sluiced: token takes create\n$/],
  [['token', 'create', '--rolle', 'ADMIN'], /^sluiced: Unknown option '--rolle'/],
] as const)
  test(`what is wrong in "sluiced ${args.join(' ')}" is said, with 2`, () => {
    const { status, stdout, stderr } = sluiced(...args);
    assert.match(stderr, said);
    assert.deepEqual([status, stdout], [2, '']);
  });
