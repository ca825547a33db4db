import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBareServer } from '../../../testing/server/bare-server.ts';
import type { Command } from '../src/command-line/command.ts';
import { optionName } from '../src/command-line/option.ts';
import { createProgram } from '../src/command-line/program.ts';
import { COMMANDS } from '../src/command-list.ts';
import { runHere } from './run-here.ts';

/** What a command line comes to, without running it. */
const parsed = async (args: string[]) => {
  let found: { command: Command; operands: string[]; options: Record<string, unknown> } | undefined;
  const program = createProgram({
    commands: COMMANDS,
    version: '',
    width: 100,
    writeOut: () => {},
    writeErr: () => {},
    run: async (command, operands, options) => {
      found = { command, operands, options };
    },
  });
  await program.parseAsync(args, { from: 'user' });
  return found ?? assert.fail('it runs nothing');
};

/** None of these may come to asking a server. */
const WRONG: [args: string[], said: RegExp][] = [
  [['frobnicate'], /^sluice: Unknown command 'frobnicate'\.$/],
  [['uplaod', 'a'], /^sluice: Unknown command 'uplaod' \(Did you mean upload\?\)$/],
  [['files', 'frobnicate'], /^sluice: Unknown command 'frobnicate'\.$/],
  [['api_SECRET'], /^sluice: Unknown command\.$/],
  [['files', 'list', '--nope=SECRET'], /^sluice: Unknown option '--nope'\.$/],
  [['files', 'list', '--limt', '1'], /^sluice: Unknown option '--limt' \(Did you mean --limit\?\)$/],
  [['files', 'list', '-x'], /^sluice: Unknown option '-x'\.$/],
  [['files', 'list', '--limit'], /^sluice: Option '--limit <n>' argument missing\.$/],
  [
    ['files', 'list', '--limit', '0'],
    /^sluice: --limit must be a whole number from 1 to 999999999; it is "0"\.$/,
  ],
  [['files', 'list', '--limit', '1.5'], /^sluice: --limit must be a whole number/],
  [
    ['sessions', 'list', '--limit', 'api_SECRET'],
    /^sluice: --limit must be .*; it is a text of 10 characters\.$/,
  ],
  [
    ['files', 'list', '--timeout-s', '2147484'],
    /^sluice: --timeout-s must be a whole number from 1 to 2147483; it is/,
  ],
  [
    ['tokens', 'create', '--expires-at', 'tomorrow'],
    /^sluice: --expires-at must be a time such as .*; it is "tomorrow"\.$/,
  ],
  [
    ['tokens', 'create', '--expires-at', '2027-02-30'],
    /^sluice: --expires-at must be .*; it is "2027-02-30"\.$/,
  ],
  [['tokens', 'create', '--expires-at', '2027-02-30T00:00:00Z'], /^sluice: --expires-at must be /],
  [['tokens', 'create', '--expires-at', '2027-01-01T24:00:00Z'], /^sluice: --expires-at must be /],
  [['files', 'list', '--name', 'R\udce9'], /^sluice: --name holds bytes that are no UTF-8\.$/],
  [['workspaces', 'show', 'R\udce9'], /^sluice: \[name\] is no UTF-8: R\\xE9\.$/],
  [['files', 'list', '--no-json'], /^sluice: Unknown option '--no-json'/],
  [['files', 'list', '--workspace-name='], /^sluice: --workspace-name needs a value\.$/],
  [['files', 'list', 'SECRET'], /^sluice: Too many arguments for 'list'; it takes 0\.$/],
  [['files', 'show'], /^sluice: Missing required argument 'id'\.$/],
  [['files', 'show', ''], /^sluice: <id> is empty\.$/],
  [['files', 'meta', 'x', '--set', 'SECRET'], /^sluice: --set must be of the form key=value\.$/],
  [['files', 'meta', 'x', '--set', 'a=1', '--unset', 'a'], /^sluice: a is changed twice\.$/],
  [
    ['upload', 'a', '--write-mode', 'SECRET'],
    /^sluice: --write-mode must be one of KEEP, OVERWRITE, FAIL, TEMPORARY\.$/,
  ],
  [['upload'], /^sluice: Give the files and folders to upload, or --from-report\.$/],
  [['upload', 'a', '--from-report', 'r.csv'], /^sluice: Give either paths or --from-report, not both\.$/],
  [['upload', '--from-report', '/nowhere/r.csv'], /^sluice: The report cannot be read: ENOENT/],
  [
    ['upload', '.', '--report', 'r.txt'],
    /^sluice: --report must be a name that ends in .*; it is "r\.txt"\.$/,
  ],
  [['upload', '.', '--report='], /^sluice: --report must be a name that ends in .*; it is empty\.$/],
  [['upload', '--from-report', 'r'], /^sluice: --from-report must be a name that ends in .*; it is "r"\.$/],
  [
    ['upload', '/nowhere/a', '/nowhere/b'],
    /^sluice: There is nothing to read at \/nowhere\/a, \/nowhere\/b\.$/,
  ],
  [['files', 'list', '--api-url', 'SECRET'], /^sluice: The API URL /],
  [['files', 'list', '--api-key', 'SEC RET'], /^sluice: The API key /],
  [['tokens', 'list'], /^sluice: There is no API key for http:\/\/127\.0\.0\.1:8000: /],
  [['login'], /^sluice: There is no API key: give it on standard input/],
  [['completion', 'tcsh'], /^sluice: <shell> must be one of bash, fish, zsh; it is "tcsh"\.$/],
];

for (const [args, said] of WRONG) {
  test(`CLI.2: wrong usage is one sentence and 2: ${args.join(' ')}`, async () => {
    const { code, stdout, stderr } = await runHere(args);
    assert.match(stderr, /^[^\n]+\n$/);
    assert.match(stderr.trimEnd(), said);
    assert.ok(!/SEC ?RET/.test(stderr));
    assert.deepEqual([code, stdout], [2, '']);
  });
}

test('without a command it shows them all, as an error; asked for, as help', async () => {
  const asked = await runHere(['--help']);
  assert.equal(asked.code, 0);
  for (const { words } of COMMANDS) assert.ok(asked.stdout.includes(`\n  ${words} `), words);
  assert.match(asked.stdout, /\n {2}130 {2}interrupted/);
  assert.deepEqual(await runHere([]), { code: 2, stdout: '', stderr: asked.stdout });
  assert.deepEqual(await runHere(['help']), asked);
  assert.match((await runHere(['sessions', '-h'])).stdout, /^Usage: sluice sessions <command> \[options\]/);
  assert.equal((await runHere(['sessions'])).code, 2);
});

for (const typed of ['--version', '-v', 'version']) {
  test(`${typed} is its version`, async () => {
    assert.deepEqual(await runHere([typed]), { code: 0, stdout: '1.2.3\n', stderr: '' });
  });
}

test('the help breaks no word, however narrow the terminal is', async () => {
  for (const columns of [30, 40, 80]) {
    for (const words of ['', ...COMMANDS.map((command) => command.words)]) {
      const { stdout } = await runHere(
        [...words.split(' '), '--help'].filter((word) => word !== ''),
        {},
        columns,
      );
      const longest = stdout.split('\n').filter((line) => line.length > columns);
      assert.deepEqual(
        longest.filter(
          (line) => !/^\S+$/.test(line.trim().replace(/ \\$/, '')) && !line.startsWith('Usage:'),
        ),
        [],
      );
    }
  }
});

test('paragraphs of the help are whole sentences: where they break is the affair of the terminal', () => {
  for (const { words, notes = [] } of COMMANDS)
    for (const note of notes) assert.match(note, /^[^\n]+\.$/, words);
});

for (const command of COMMANDS) {
  test(`the help of ${command.words} names its options, and its examples can be typed`, async () => {
    const { code, stdout } = await runHere([...command.words.split(' '), '--help']);
    assert.equal(code, 0);
    for (const [property, { hidden = false }] of Object.entries(command.options)) {
      assert.equal(stdout.includes(`  --${optionName(property)}`), !hidden, property);
    }
    assert.ok(command.examples.length > 0);
    for (const example of command.examples) {
      assert.ok(stdout.includes(`\n  sluice ${example}\n`), example);
      const own = example.split(/ [|<] /).find((part) => part.startsWith(command.words));
      if (own === undefined) continue; // one in which it is part of a pipe
      const args = [...own.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
      assert.equal((await parsed(args)).command, command, example);
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
  [['upload', '--resume', 'a', '--resume', 'b', 'x'], ['x'], { resume: ['a', 'b'] }],
  [['upload', '--timeout-s', '1', '--timeout-s', '2', 'x'], ['x'], { timeoutS: 2 }],
  [
    ['files', 'meta', 'x', '--set', 'a=1', '--set', 'b=', '--unset', 'c'],
    ['x'],
    { set: ['a=1', 'b='], unset: ['c'] },
  ],
];

/** The command lines of the official tool, as its documentation has them. */
const OFFICIAL: typeof ARGUMENTS = [
  [
    ['list-files', '--odata-filter', 'category eq "news"', '--batch-size', '10'],
    [],
    { odataFilter: 'category eq "news"', batchSize: 10 },
  ],
  [
    ['list-upload-sessions', '--no-is-expired', '--workspace-name', 'default'],
    [],
    { isExpired: false, workspaceName: 'default' },
  ],
  [['get-upload-session', 'x', '--workspace-name', 'default'], ['x'], { workspaceName: 'default' }],
  [
    ['download', '--file-dir', 'd', '--no-include-meta', '--safe-mode', '--no-show-progress'],
    [],
    { fileDir: 'd', includeMeta: false, safeMode: true, showProgress: false },
  ],
  [
    [
      'upload',
      'd',
      '--recursive',
      '--use-type',
      '.txt',
      '--write-mode',
      'FAIL',
      '--blocking',
      '--timeout-s',
      '9',
      '--safe-mode',
      '--enable-parallel-processing',
      '--show-progress',
    ],
    ['d'],
    {
      recursive: true,
      useType: ['.txt'],
      writeMode: 'FAIL',
      blocking: true,
      timeoutS: 9,
      safeMode: true,
      enableParallelProcessing: true,
      showProgress: true,
    },
  ],
  [
    ['upload', 'd', '--no-safe-mode', '--no-enable-parallel-processing'],
    ['d'],
    { safeMode: false, enableParallelProcessing: false },
  ],
  [['download', '--no-safe-mode'], [], { safeMode: false }],
];

for (const [args, operands, options] of [...ARGUMENTS, ...OFFICIAL]) {
  test(`reads ${args.join(' ')}`, async () => {
    const found = await parsed(args);
    assert.deepEqual([found.operands, { ...found.options }], [operands, options]);
  });
}

test('what a server of another version took no notice of is said, once', async (t) => {
  const headers = {
    'sluice-ignored-query': 'include_deleted, %1B%5B31m',
    'content-type': 'application/json',
  };
  const body = '{"data":[],"has_more":false,"total":0}';
  const { url } = await startBareServer(t, [{ status: 200, headers, body }]);
  const settings = { API_URL: url, API_KEY: 'api_key' };
  const { code, stdout, stderr } = await runHere(['users', 'list', '--include-deleted'], settings);
  assert.deepEqual([code, stdout], [0, '']);
  assert.match(stderr, /^sluice: note: The server ignored include_deleted, %1B%5B31m in the query: .*\n$/);
});
