import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Runs the tests that need nothing but Node: all of them, or the files given. */
const files =
  process.argv.length > 2
    ? process.argv.slice(2)
    : globSync(['packages/*/test/**/*.test.ts', 'bench/test/**/*.test.ts']).sort();
// One file for each processor: the runner would leave one idle, but has little to do itself.
const concurrency = `--test-concurrency=${availableParallelism()}`;
const { status } = spawnSync(process.execPath, ['--test', '--test-timeout=120000', concurrency, ...files], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
