import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { progressBar, progressSentence } from '../../../packages/cli/src/output/progress-text.ts';
import { ROOT } from '../markdown.ts';
import type { Handler } from './handler.ts';

/** A tree of the repository: a path, blanks, what is there. Every path leads somewhere. */
export const tree: Handler = {
  takes: ({ language, heading }) => language === 'text' && heading === 'Where things are',
  run: async ({ text }) => {
    let folder = '';
    for (const line of text.split('\n')) {
      const [, indent, path] = /^( {0,2})(\S+) {2,}/.exec(line) ?? [];
      if (path === undefined) continue;
      if (indent === '') folder = path;
      const full = indent === '' ? path : join(folder, path);
      assert.notEqual(globSync(full, { cwd: ROOT }).length, 0, `${full} is not there`);
    }
  },
};

/** A drawing of processes: every command in it is one. */
export const drawing: Handler = {
  takes: ({ language, text }) => language === 'text' && /[─│┘]/.test(text),
  run: async ({ text }, page) => {
    const { output } = await page.run('command sluiced help');
    for (const [, command] of text.matchAll(/sluiced (\w+)/g))
      assert.match(output, new RegExp(`^ +(sluiced )?${command}\\b`, 'm'));
  },
};

const AMOUNTS = new RegExp(
  [
    /(?:sluice: )?(?<what>\w+)(?::| {2}(?<bar>[█░]+) {2}.*? %) +(?<files>[\d,]+) of (?<totalFiles>[\d,]+) files, /,
    /(?<done>[\d.]+) MB of (?<total>[\d.]+) MB,? +(?<filesPerSecond>\d+) files\/s,? +(?<bytesPerSecond>[\d.]+) MB\/s,? +/,
    /(?<minutes>\d+):(?<seconds>\d+) left/,
  ]
    .map(({ source }) => source)
    .join(''),
);

/** What an upload that takes long shows of itself is made by what makes it for a terminal, out of the same amounts. */
export const progress: Handler = {
  takes: ({ language, text }) => language === 'text' && AMOUNTS.test(text),
  run: async ({ text }) => {
    for (const line of text.split('\n')) {
      const { what = '', bar, ...found } = AMOUNTS.exec(line)?.groups ?? {};
      const is = (name: string) => Number(found[name]?.replace(',', ''));
      const [done, total] = [is('done') * 1e6, is('total') * 1e6];
      const one = {
        what,
        files: is('files'),
        totalFiles: is('totalFiles'),
        bytes: { done, total },
        trouble: '',
      };
      const measured = {
        fraction: bar === undefined ? null : Number(/(\d+) %/.exec(line)?.[1]) / 100,
        filesPerSecond: is('filesPerSecond'),
        bytesPerSecond: is('bytesPerSecond') * 1e6,
        secondsLeft: is('minutes') * 60 + is('seconds'),
      };
      const made =
        bar === undefined
          ? `sluice: ${progressSentence(one, measured)}`
          : progressBar(one, measured, line.length);
      assert.equal(line, made);
    }
  },
};
