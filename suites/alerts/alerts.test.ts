import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Harness, postFile, startHarness } from '../../testing/server/harness.ts';
import { CASES } from './cases.ts';
import { promtool, testRules } from './promtool.ts';
import { nameOf, type Samples, samplesOf, stored } from './scrape.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const RULES = join(ROOT, 'deploy', 'prometheus', 'alerts.yml');
const rules = readFileSync(RULES, 'utf8');
const alerts = [...rules.matchAll(/^ *- alert: (\w+)$/gm)].map(([, name]) => name as string);

const LAG = 'nodejs_eventloop_lag_p99_seconds';

const scrape = async (h: Harness): Promise<Samples> => {
  const { status, body } = await h.call('GET', '/metrics');
  assert.equal(status, 200);
  assert.match(body, new RegExp(`^${LAG} `, 'm'));
  const samples = new Map(samplesOf(body));
  return samples.set(LAG, '0.01'); // how busy the machine of the test is
};

/** What a server that has done something tells, and then the same one with its database gone. */
// Open: a database that is closed, not away, lets nobody in by a key.
const h = await startHarness({ after }, { env: { SLUICE_METRICS: 'open' } });
const { id, form } = await h.openSession();
await postFile(form, 'a', 'a');
await h.ws('PUT', `/upload_sessions/${id}`, {});
await h.drain();
await h.call('GET', '/api/v1/me');
const healthy: Samples = new Map([...(await scrape(h)), ['up', '1']]);
await h.server.store.close();
const withoutDatabase = await scrape(h);

/** Forty minutes of a healthy server, but for what changes. */
const seriesWith = (changes: Readonly<Record<string, string>>): Record<string, string> => {
  const unknown = Object.keys(changes).filter((series) => !healthy.has(series));
  assert.deepEqual(unknown, [], 'no server tells this');
  return Object.fromEntries(
    [...healthy].map(([series, value]) => [stored(series), changes[series] ?? `${plain(value)}x40`]),
  );
};

/** promtool reads no exponents. */
const plain = (value: string): string => (/e/.test(value) ? String(Math.round(Number(value))) : value);

test('the rules and the example of a configuration are what Prometheus takes', () => {
  promtool('check', 'rules', RULES);
  promtool('check', 'config', '--syntax-only', join(ROOT, 'deploy', 'prometheus', 'prometheus.yml'));
});

test('every metric that a rule names is one that a server tells', () => {
  const told = new Set([...healthy.keys()].map(nameOf));
  const named = rules.match(/\b(?:sluice|nodejs|process)_[a-z0-9_]+\b/g) ?? [];
  assert.ok(named.length > 10);
  assert.deepEqual(
    named.filter((name) => !told.has(name)),
    [],
  );
});

test('nothing fires while all is well', () => {
  testRules(RULES, { series: seriesWith({}), firing: [1, 10, 39].map((minute) => ({ minute, alerts: {} })) });
});

for (const { alert, when, changes, fires, quiet, with: others = [] } of CASES) {
  test(`${alert} fires when ${when}`, () => {
    const firing = Object.fromEntries([alert, ...others].map((name) => [name, 1]));
    testRules(RULES, {
      series: seriesWith(changes),
      firing: [
        { minute: fires, alerts: firing },
        { minute: quiet, alerts: {} },
      ],
    });
  });
}

test('SluiceNotScraped fires where Prometheus knows no process', () => {
  testRules(RULES, {
    series: { 'up{job="another",instance="two:80"}': '1x40' },
    firing: [
      { minute: 10, alerts: { SluiceNotScraped: 1 } },
      { minute: 3, alerts: {} },
    ],
  });
});

test('what a real server tells without its database fires what it should', () => {
  // Of one folder, the store goes with the database.
  const unhealthy = [...withoutDatabase].filter(
    ([name, value]) => /^sluice_healthy\{/.test(name) && value === '0',
  );
  assert.equal(withoutDatabase.get('sluice_healthy{part="database"}'), '0');
  const series = [...healthy].map(([name, value]) => {
    // How often jobs had failed by then is a matter of moments, and of another alert.
    const kept = name === 'up' || name.startsWith('sluice_job_tries_failed_total');
    const later = kept ? value : withoutDatabase.get(name);
    const before = `${plain(value)}x9`;
    return [stored(name), `${before} ${later === undefined ? '_x30' : `${plain(later)}x30`}`];
  });
  testRules(RULES, {
    series: Object.fromEntries(series),
    firing: [
      { minute: 8, alerts: {} },
      { minute: 14, alerts: { SluiceUnhealthy: unhealthy.length, SluiceRowsUnreadable: 1 } },
    ],
  });
});

test("every alert has been seen firing, and has a row in the operator's guide", () => {
  const seen = new Set(['SluiceNotScraped', ...CASES.map(({ alert }) => alert)]);
  assert.deepEqual([...alerts].sort(), [...seen].sort());
  const guide = readFileSync(join(ROOT, 'docs', 'production.md'), 'utf8');
  assert.deepEqual(
    [...guide.matchAll(/^\| `(Sluice\w+)`/gm)].map(([, name]) => name),
    alerts,
  );
});
