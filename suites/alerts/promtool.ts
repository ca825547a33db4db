import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const EXECUTABLE = '/usr/bin/promtool';

/** Debian's, installed where it is missing. @throws where it finds something wrong */
export const promtool = (...args: string[]): void => {
  if (!existsSync(EXECUTABLE)) install();
  const { status, stdout, stderr, error } = spawnSync(EXECUTABLE, args, { encoding: 'utf8' });
  if (error || status !== 0)
    throw new Error(`promtool ${args.join(' ')}\n${stdout}${stderr}`, { cause: error });
};

const install = (): void => {
  const root = process.getuid?.() === 0 ? [] : ['sudo'];
  process.stderr.write('Installing promtool …\n');
  for (const step of [['update'], ['install', '--no-install-recommends', 'prometheus']]) {
    const [command = '', ...args] = [...root, 'apt-get', '-q', '-y', ...step];
    if (spawnSync(command, args, { stdio: ['ignore', 2, 2] }).status !== 0)
      throw new Error(`${step[0]} failed`);
  }
};

export type Situation = {
  /** What Prometheus has of each series, a value a minute, in promtool's words: `0x5 1x20`, `1 _x20`. */
  series: Readonly<Record<string, string>>;
  /** How many alerts of each name fire at which minute. */
  firing: readonly { minute: number; alerts: Readonly<Record<string, number>> }[];
};

/** @throws where others fire than should */
export const testRules = (rules: string, { series, firing }: Situation): void => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-alerts-'));
  const file = join(folder, 'test.yml');
  const test = {
    interval: '1m',
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    promql_expr_test: firing.map(({ minute, alerts }) => ({
      expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
      eval_time: `${minute}m`,
      exp_samples: Object.entries(alerts).map(([name, value]) => ({
        labels: `{alertname="${name}"}`,
        value,
      })),
    })),
  };
  try {
    // Every JSON is YAML.
    writeFileSync(file, JSON.stringify({ rule_files: [rules], evaluation_interval: '1m', tests: [test] }));
    promtool('test', 'rules', file);
  } finally {
    rmSync(folder, { recursive: true });
  }
};
