import assert from 'node:assert/strict';
import type { FileWishes } from '../actor.ts';
import type { Scenarios, Stage } from '../stage.ts';
import type { Workspace } from '../workspace.ts';

const EXAMPLES = Array.from({ length: 15 }, (_, number) => `example${number}.txt`);

const withExamples = async (workspace: Workspace): Promise<void> => {
  for (const name of EXAMPLES) await workspace.add(name, 'Some text', { find: 'me' });
};

const METADATA: Record<string, object> = {
  'news.txt': { category: 'news', year: 2024, tags: ['a', 'b'], author: { name: 'Ann' } },
  'old-news.txt': { category: 'news', year: 1999, tags: ['b'], published_date: '1999-05-01' },
  'blog.txt': { category: 'blog', year: 2025, tags: [], published_date: '2025-01-31' },
  "it's.txt": { category: "it's", draft: true },
  'bare.txt': {},
};

const FILTERS: Record<string, string[]> = {
  "category eq 'news'": ['news.txt', 'old-news.txt'],
  'category eq "news"': ['news.txt', 'old-news.txt'],
  " category eq 'news' ": ['news.txt', 'old-news.txt'],
  "category eq 'it''s'": ["it's.txt"],
  "category eq 'news' and year ge 2024": ['news.txt'],
  "category eq 'news' and year lt 2024": ['old-news.txt'],
  "published_date ge '2000-01-01'": ['blog.txt'],
  'year gt 1999 and year le 2024': ['news.txt'],
  "category eq 'blog' or year eq 1999": ['old-news.txt', 'blog.txt'],
  "category in ('blog', 'it''s')": ['blog.txt', "it's.txt"],
  "not (category eq 'news') and year ge 0": ['blog.txt'],
  "contains(category, 'ew')": ['news.txt', 'old-news.txt'],
  "startswith(category, 'b') or endswith(category, 's')": [
    'news.txt',
    'old-news.txt',
    'blog.txt',
    "it's.txt",
  ],
  "tags eq 'b'": ['news.txt', 'old-news.txt'],
  "author.name eq 'Ann'": ['news.txt'],
  'draft eq true': ["it's.txt"],
  "missing eq 'x'": [],
};

const names = async ({ actor, workspace }: Stage, wishes: FileWishes): Promise<string[]> =>
  (await actor.listFiles(workspace.name, wishes)).map(({ name }) => name);

export const listing: Scenarios = {
  'files by name and filter': async (stage) => {
    await withExamples(stage.workspace);
    const wishes = { name: 'example0.txt', filter: "find eq 'me'", batchSize: 10 };
    const [file, ...others] = await stage.actor.listFiles(stage.workspace.name, wishes);
    assert.deepEqual([file?.name, file?.size, file?.meta], ['example0.txt', 9, { find: 'me' }]);
    assert.ok(file?.url.endsWith(`/files/${file.file_id}`));
    assert.deepEqual(others, []);
  },

  'every file once, in batches of any size': async (stage) => {
    await withExamples(stage.workspace);
    for (const batchSize of [1, 4, 15, 16])
      assert.deepEqual(await names(stage, { batchSize }), EXAMPLES, `batches of ${batchSize}`);
  },

  'a name is searched for literally': async (stage) => {
    await withExamples(stage.workspace);
    const counts = { example: 15, ample1: 6, '.txt': 15, example_: 0, 'example%': 0, '*': 0, nothing: 0 };
    for (const [name, count] of Object.entries(counts))
      assert.equal((await names(stage, { name })).length, count, name);
  },

  'filters over metadata': async (stage) => {
    for (const [name, meta] of Object.entries(METADATA)) await stage.workspace.add(name, 'text', meta);
    for (const [filter, expected] of Object.entries(FILTERS))
      assert.deepEqual(await names(stage, { filter }), expected, filter);
  },

  'a filter by the time that a file shows': async (stage) => {
    for (const name of ['first.txt', 'second.txt', 'third.txt']) await stage.workspace.add(name, 'text');
    const second = (await stage.actor.listFiles(stage.workspace.name))[1]?.created_at;
    assert.deepEqual(await names(stage, { filter: `created_at eq '${second}' ` }), ['second.txt']);
    assert.deepEqual(await names(stage, { filter: `created_at gt '${second}'` }), ['third.txt']);
  },

  'a filter that is none is told about': async ({ actor, workspace }) => {
    for (const filter of ['category', 'category eq', "category like 'news'", "((category eq 'news')"]) {
      await assert.rejects(actor.listFiles(workspace.name, { filter }), {
        name: 'Refusal',
        status: 422,
        message: /filter/,
      });
    }
  },

  'an empty workspace lists nothing': async (stage) => {
    assert.deepEqual(await names(stage, {}), []);
    assert.deepEqual(await stage.actor.listSessions(stage.workspace.name), []);
  },
};
