import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { type ListedMutation, MUTATIONS, nameOf } from './list.ts';

export const USAGE = `Usage:
  npm run mutate                  tries all changes
  npm run mutate -- WORD…         those with one of the words in their area, sentence or file
  npm run mutate -- --sample 10   so many of them, others for each commit
  npm run mutate -- --list        says which there are, and tries none`;

/** @throws Error whose message is for people */
export const choose = (args: string[]): { mutations: readonly ListedMutation[]; isListed: boolean } => {
  const { values, positionals: words } = parseArgs({
    args,
    allowPositionals: true,
    options: { sample: { type: 'string' }, list: { type: 'boolean', default: false } },
  });
  const isNamed = (one: ListedMutation) =>
    words.some((word) => `${nameOf(one)} (${one.file})`.toLowerCase().includes(word.toLowerCase()));
  const named = words.length === 0 ? MUTATIONS : MUTATIONS.filter(isNamed);
  if (named.length === 0) throw new Error(`No change has one of these words: ${words.join(', ')}`);
  if (values.sample === undefined) return { mutations: named, isListed: values.list };
  if (!/^[1-9]\d*$/.test(values.sample)) throw new Error('--sample takes a number of changes, from 1');
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' });
  return { mutations: sample(named, Number(values.sample), commit), isListed: values.list };
};

/** The same for the same seed; over many seeds each is among them as often as any other. */
const sample = (mutations: readonly ListedMutation[], size: number, seed: string): ListedMutation[] => {
  const rank = (one: ListedMutation) =>
    createHash('sha256')
      .update(`${seed} ${nameOf(one)}`)
      .digest('hex');
  const ranked = mutations.map((one) => ({ one, rank: rank(one) }));
  return ranked
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, size)
    .map(({ one }) => one);
};
