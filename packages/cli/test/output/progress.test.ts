import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Measured, type Progress, progressMeter } from '../../src/output/progress-meter.ts';
import { progressBar } from '../../src/output/progress-text.ts';

const MB = 1_000_000;
const at = (files: number, bytes = files * MB): Progress => ({
  what: 'sending',
  files,
  totalFiles: 100,
  trouble: '',
  bytes: { done: bytes, total: 100 * MB },
});

test('rates are those of the last ten seconds, whatever was before', () => {
  const measure = progressMeter();
  let measured: Measured | undefined;
  for (let second = 0; second <= 20; second++) measured = measure(at(second), second * 1000);
  for (let second = 21; second <= 40; second++) measured = measure(at(20 + (second - 20) * 2), second * 1000);
  assert.equal(Math.round((measured?.filesPerSecond ?? 0) * 10) / 10, 2);
  assert.equal(Math.round(measured?.bytesPerSecond ?? 0), 2 * MB);
  assert.equal(Math.round(measured?.secondsLeft ?? 0), 20);
});

test('thousands of updates a second measure the same as one a second', () => {
  const measure = progressMeter();
  let measured: Measured | undefined;
  for (let update = 0; update <= 10_000; update++) measured = measure(at(update / 1000), update);
  assert.equal(Math.round(measured?.filesPerSecond ?? 0), 1);
  assert.equal(Math.round(measured?.secondsLeft ?? 0), 90);
});

test('many small files and one large one: what is left is neither files nor bytes alone', () => {
  const measure = progressMeter();
  const progress = { what: 'sending', totalFiles: 1001, trouble: '' };
  measure({ ...progress, files: 0, bytes: { done: 0, total: 1000 * MB } }, 0);
  const { fraction, secondsLeft } = measure(
    { ...progress, files: 1000, bytes: { done: MB, total: 1000 * MB } },
    1_000,
  );
  assert.ok(fraction !== null && fraction < 0.05, 'nearly all of it is still to come');
  assert.ok(secondsLeft !== null && secondsLeft > 20);
});

test('a new phase begins anew, and nothing is said of rates that are not known yet', () => {
  const measure = progressMeter();
  measure(at(0), 0);
  measure(at(50), 5_000);
  const unknown = { filesPerSecond: null, bytesPerSecond: null, secondsLeft: null };
  assert.deepEqual(measure({ what: 'ingesting', files: 0, totalFiles: 100, trouble: '' }, 5_001), {
    fraction: 0,
    ...unknown,
  });
  assert.deepEqual(measure({ what: 'saving', files: 3, totalFiles: null, trouble: '' }, 5_002), {
    fraction: null,
    ...unknown,
  });
  assert.equal(measure({ what: 'sending', files: 0, totalFiles: 0, trouble: '' }, 5_003).fraction, 1);
});

test('a stall shows as no rate, not as an end in no time', () => {
  const measure = progressMeter();
  measure(at(10), 0);
  const { filesPerSecond, secondsLeft } = measure(at(10), 30_000);
  assert.deepEqual([filesPerSecond, secondsLeft], [0, null]);
});

test('the bar takes what room there is, and goes before the numbers do', () => {
  const measured = { fraction: 0.5, filesPerSecond: 12.5, bytesPerSecond: 12.5 * MB, secondsLeft: 4 };
  const words = '  50 %  50 of 100 files, 50.0 MB of 100 MB  13 files/s  12.5 MB/s  0:04 left';
  assert.equal(progressBar(at(50), measured, 120), `sending  ${'█'.repeat(15)}${'░'.repeat(15)} ${words}`);
  assert.equal(progressBar(at(50), measured, 100), `sending  ${'█'.repeat(7)}${'░'.repeat(7)} ${words}`);
  assert.equal(progressBar(at(50), measured, 80), `sending ${words}`.slice(0, 80));
  for (let width = 1; width < 150; width++) assert.ok(progressBar(at(50), measured, width).length <= width);
});
