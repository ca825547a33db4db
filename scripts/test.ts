import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Runs the tests that need nothing but Node: all of them, or the files given. */
const files =
  process.argv.length > 2
    ? process.argv.slice(2)
    : globSync(['packages/*/test/**/*.test.ts', 'bench/test/**/*.test.ts']).sort();
// One file more than processors: tests wait, for the disk and for each other.
const concurrency = `--test-concurrency=${availableParallelism() + 1}`;
const { status } = spawnSync(process.execPath, ['--test', '--test-timeout=120000', concurrency, ...files], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
