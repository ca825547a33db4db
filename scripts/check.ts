import { spawnSync } from 'node:child_process';

/** Everything a change must pass before it is committed. */
const STEPS: [string, string[]][] = [
  ['lint and format', ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.']],
  ['types', ['node_modules/typescript/bin/tsc', '-p', '.']],
  ['tests', ['scripts/test.ts']],
];

for (const [name, command] of STEPS) {
  console.log(`\n— ${name}`);
  const { status } = spawnSync(process.execPath, command, { stdio: 'inherit' });
  if (status !== 0) {
    console.error(`${name} failed`);
    process.exit(status ?? 1);
  }
}
