import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { copySources, ROOT } from '../../testing/sources/copy-sources.ts';

/** The sources alone are to be compiled: tests have tables of their own. */
const copyToCompile = (t: TestContext): string => {
  const folder = copySources();
  t.after(() => rmSync(folder, { recursive: true }));
  const config = JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8'));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ ...config, include: ['packages/*/src'] }));
  return folder;
};

/** Each error as `file: message`. */
const compile = (folder: string): string[] => {
  const tsc = join(ROOT, 'node_modules', '.bin', 'tsc');
  const { stdout } = spawnSync(tsc, ['-p', folder, '--pretty', 'false'], { encoding: 'utf8', cwd: folder });
  const errors = stdout.matchAll(/^packages\/([^(]+)\(\d+,\d+\): error (.*)$/gm);
  return [...errors].map(([, file = '', message = '']) => `${file.replace('/src/', '/')}: ${message}`);
};

const WORDS = 'packages/contract/src/words.ts';

/** What is added to a list of words, and the tables that must not compile without it. */
const ADDITIONS = [
  { to: 'WRITE_MODES = [', in: WORDS, added: "'NEW_MODE', ", tables: ['server/domain/write-mode.ts'] },
  { to: 'INGESTION_STATUSES = [', in: WORDS, added: "'NEW_FILE_STATUS', ", tables: ['contract/words.ts'] },
  { to: 'SESSION_STATUSES = [', in: WORDS, added: "'NEW_SESSION_STATUS', ", tables: ['contract/words.ts'] },
  { to: 'const ROLES = [', in: WORDS, added: "'NEW_ROLE', ", tables: ['contract/words.ts'] },
  {
    to: 'type Job =',
    in: 'packages/server/src/service/ports/jobs.ts',
    added: " | { kind: 'new_kind' }",
    tables: ['server/service/ports/jobs.ts', 'server/service/job-handler.ts'],
  },
  {
    to: 'type ErrorCode =',
    in: 'packages/server/src/domain/errors.ts',
    added: " | 'NEW_CODE'",
    tables: ['server/http/errors/error-status.ts'],
  },
];

test('whoever adds a member is led to every table by the compiler', (t) => {
  const folder = copyToCompile(t);
  assert.deepEqual(compile(folder), [], 'the copy compiles as it is');
  for (const { to, in: file, added } of ADDITIONS) {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    assert.ok(text.includes(to), `${file} has ${to}`);
    writeFileSync(path, text.replace(to, to + added));
  }
  const errors = compile(folder);
  for (const { added, tables } of ADDITIONS) {
    const [, name = ''] = /'(\w+)'/.exec(added) ?? [];
    for (const table of tables) {
      const led = errors.some((error) => error.startsWith(`${table}: `) && error.includes(name));
      assert.ok(led, `no error about ${name} in ${table}, only:\n${errors.join('\n')}`);
    }
  }
});
