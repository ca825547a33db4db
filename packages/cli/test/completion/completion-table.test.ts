import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMANDS } from '../../src/command-list.ts';
import { bashCompletion, zshCompletion } from '../../src/completion/completion-scripts.ts';
import { completionTable } from '../../src/completion/completion-table.ts';
import { fishCompletion } from '../../src/completion/fish-completion.ts';

const table = completionTable(COMMANDS);
const words = (path: string) => (table.words.get(path) ?? []).map(({ word }) => word);
const options = (path: string) => (table.options.get(path) ?? []).map(({ word }) => word);

test('completion offers every command, and only what can follow', () => {
  assert.deepEqual(words('files'), ['list', 'show', 'delete', 'meta']);
  assert.deepEqual(words('completion'), ['bash', 'fish', 'zsh']);
  for (const { words: typed } of COMMANDS) assert.ok(words('').includes(typed.split(' ')[0] ?? ''), typed);
  assert.ok(!words('').includes('list-files'), 'names of the official command line are taken, not offered');
});

test('behind help stand commands, behind an alias the options of its command', () => {
  assert.ok(words('').includes('help'));
  assert.ok(words('help').includes('upload') && !words('help').includes('help'));
  assert.deepEqual(words('help files'), words('files'));
  assert.deepEqual(words('help completion'), []);
  assert.deepEqual(options('list-files'), options('files list'));
  assert.ok(options('list-files').length > 0);
});

test('completion offers options where they are, their opposites, and no hidden ones', () => {
  assert.ok(options('upload').includes('--no-blocking'));
  assert.ok(!options('download').includes('--blocking'));
  assert.ok(!options('files list').includes('--odata-filter'));
  assert.deepEqual(table.values.get('--write-mode'), ['KEEP', 'OVERWRITE', 'FAIL', 'TEMPORARY']);
  assert.equal(table.values.get('--report'), 'files');
  assert.equal(table.values.get('--limit'), null);
  assert.ok(!table.values.has('--dry-run'));
});

test('the scripts hold quotes and colons of summaries as they are', () => {
  const odd = new Map([['', [{ word: 'x', summary: "it's: odd" }]]]);
  const script = { words: odd, options: new Map(), shared: [], values: new Map([['--x', null]]) };
  assert.ok(zshCompletion(script).includes(`'x:it'\\''s: odd'`));
  assert.ok(fishCompletion(script).includes(String.raw`'it\'s: odd'`));
  assert.ok(bashCompletion(script).includes('compgen -W \'x\' -- "$cur"'));
});
