import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const DEMO = fileURLToPath(new URL('../../../examples/demo.ts', import.meta.url));
const PICTURE = fileURLToPath(new URL('../../../docs/demo.svg', import.meta.url));

test('the demo ends well, says so, and keeps quiet besides', async () => {
  // It has to run on a machine where Sluice is set up as well, whatever is set there.
  const env = {
    ...process.env,
    NO_COLOR: '1',
    SLUICE_PORT: 'none',
    SLUICE_DATABASE_URL: 'postgres://nowhere',
  };
  delete (env as NodeJS.ProcessEnv).FORCE_COLOR;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [DEMO], { env, timeout: 60_000 });
  assert.match(stdout, /failed +incident-log\.txt +0 B +EMPTY_FILE +The file has no content\./);
  assert.match(stdout, /reported +lost-survey\.pdf\.meta\.json/);
  assert.match(stdout, /Every file ended as it must\./);
  assert.ok(!stdout.includes('\u001b'));
  assert.equal(stderr, '');
  assert.deepEqual(
    linesOf(stdout),
    linesOf(pictured()),
    'scripts/terminal-picture.ts makes the picture anew',
  );
});

/** What docs/demo.svg shows below the command. */
const pictured = (): string => {
  const rows = readFileSync(PICTURE, 'utf8').match(/(?<=<text [^>]*>).*?(?=<\/text>)/g) ?? [];
  const text = rows
    .slice(1)
    .join('\n')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&#160;', ' ');
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
};

/** Without what is another one with every run. */
const linesOf = (text: string): string[] =>
  text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replace(/127\.0\.0\.1:(?!8000)\d+/g, '<address>')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
