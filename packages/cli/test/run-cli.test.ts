import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findCommand } from '../src/command-line/find-command.ts';
import { optionName } from '../src/command-line/option.ts';
import { parseArguments } from '../src/command-line/parse-arguments.ts';
import { COMMANDS } from '../src/command-list.ts';
import { runCli } from '../src/run-cli.ts';

const run = async (args: string[], env: Record<string, string> = {}) => {
  const printed = { stdout: '', stderr: '' };
  const screen = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      printed[name] += text;
    },
  });
  const code = await runCli({
    ...{ args, env, stdout: screen('stdout'), stderr: screen('stderr'), version: '1.2.3' },
    signal: new AbortController().signal,
  });
  return { code, ...printed };
};

/** None of these may come to asking a server. */
const WRONG: [args: string[], said: RegExp][] = [
  [['frobnicate'], /^sluice: There is no command sluice frobnicate; there are upload, files, /],
  [
    ['files', 'frobnicate'],
    /^sluice: There is no command sluice files frobnicate; there are list, show, delete\.$/,
  ],
  [['api_SECRET'], /^sluice: There is no command sluice of that name; /],
  [['files', 'list', '--nope=SECRET'], /^sluice: Unknown option '--nope'\.$/],
  [['files', 'list', '-x'], /^sluice: Unknown option '-x'\.$/],
  [['files', 'list', '--limit'], /^sluice: Option '--limit <value>' argument missing\.$/],
  [['files', 'list', '--limit', '--json'], /^sluice: Option '--limit' argument is ambiguous\.$/],
  [['files', 'list', '--limit', '0'], /^sluice: --limit must be a whole number, 1 or more\.$/],
  [['files', 'list', '--limit', '1.5'], /^sluice: --limit must be a whole number/],
  [['files', 'list', '--no-json'], /^sluice: There is no option --no-json\.$/],
  [['files', 'list', '--workspace-name='], /^sluice: --workspace-name needs a value\.$/],
  [['files', 'list', 'SECRET'], /^sluice: files list takes nothing besides options\.$/],
  [['files', 'show'], /^sluice: files show needs ID; sluice files show --help says more\.$/],
  [['files', 'show', ''], /^sluice: An empty name was given\.$/],
  [
    ['upload', 'a', '--write-mode', 'SECRET'],
    /^sluice: --write-mode must be one of KEEP, OVERWRITE, FAIL, TEMPORARY\.$/,
  ],
  [
    ['upload', '/nowhere/a', '/nowhere/b'],
    /^sluice: There is nothing to read at \/nowhere\/a, \/nowhere\/b\.$/,
  ],
  [['files', 'list', '--api-url', 'SECRET'], /^sluice: The API URL /],
  [['files', 'list', '--api-key', 'SEC RET'], /^sluice: The API key /],
  [['tokens', 'list'], /^sluice: There is no API key: /],
];

for (const [args, said] of WRONG) {
  test(`CLI.2: wrong usage is one sentence and 2: ${args.join(' ')}`, async () => {
    const { code, stdout, stderr } = await run(args);
    assert.match(stderr, /^[^\n]+\n$/);
    assert.match(stderr.trimEnd(), said);
    assert.ok(!/SEC ?RET/.test(stderr));
    assert.deepEqual([code, stdout], [2, '']);
  });
}

test('without a command it shows them all, as an error; asked for, as help', async () => {
  const asked = await run(['--help']);
  assert.equal(asked.code, 0);
  for (const { words } of COMMANDS) assert.ok(asked.stdout.includes(`\n  ${words} `), words);
  assert.match(asked.stdout, /\n {2}130 {2}interrupted/);
  assert.deepEqual(await run([]), { code: 2, stdout: '', stderr: asked.stdout });
  assert.deepEqual(await run(['help']), asked);
  assert.match((await run(['sessions', '-h'])).stdout, /^Usage: sluice sessions COMMAND/);
  assert.equal((await run(['sessions'])).code, 2);
});

test('--version is its version', async () => {
  assert.deepEqual(await run(['--version']), { code: 0, stdout: '1.2.3\n', stderr: '' });
});

for (const command of COMMANDS) {
  test(`the help of ${command.words} names its options, and its examples can be typed`, async () => {
    const { code, stdout } = await run([...command.words.split(' '), '--help']);
    assert.equal(code, 0);
    for (const property of Object.keys(command.options)) {
      assert.ok(stdout.includes(`  --${optionName(property)}`), property);
    }
    assert.ok(command.examples.length > 0);
    for (const example of command.examples) {
      assert.ok(stdout.includes(`\n  sluice ${example}\n`));
      const own = example.split(' | ').find((part) => part.startsWith(command.words));
      if (own === undefined) continue; // one in which it is part of a pipe
      const args = [...own.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
      const found = findCommand(COMMANDS, args);
      assert.ok('command' in found && found.command === command, example);
      assert.ok(parseArguments(command, found.rest));
    }
  });
}

const ARGUMENTS: [args: string[], operands: string[], options: Record<string, unknown>][] = [
  [['upload', 'a', '--recursive', 'b'], ['a', 'b'], { recursive: true }],
  [
    ['upload', '--no-recursive', '--no-blocking', 'upload'],
    ['upload'],
    { recursive: false, blocking: false },
  ],
  [['upload', '--use-type', '.a', '--use-type=.b', 'x'], ['x'], { useType: ['.a', '.b'] }],
  [['upload', '--write-mode', 'overwrite', '--', '--x'], ['--x'], { writeMode: 'OVERWRITE' }],
  [['--api-key', 'upload', '--json', 'upload', 'x'], ['x'], { apiKey: 'upload', json: true }],
  [['upload', '--timeout-s', '1', '--timeout-s', '2', 'x'], ['x'], { timeoutS: 2 }],
];

for (const [args, operands, options] of ARGUMENTS) {
  test(`reads ${args.join(' ')}`, () => {
    const found = findCommand(COMMANDS, args);
    assert.ok('command' in found);
    assert.deepEqual(parseArguments(found.command, found.rest), { operands, options, help: false });
  });
}
