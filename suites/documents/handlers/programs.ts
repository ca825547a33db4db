import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Block } from '../markdown.ts';
import type { Handler } from './handler.ts';

/** A program of its own, in the environment that the blocks before it have made. */
export const python: Handler = {
  takes: ({ language }) => language === 'python',
  run: async ({ text }, page) => {
    writeFileSync(join(page.scratch, 'block.py'), page.here(text));
    const { output, status } = await page.run('python3 "$SCRATCH/block.py"');
    assert.equal(status, 0, output);
    // The SDKs raise nothing where a file fails: they log it.
    assert.doesNotMatch(output, /\[error|failed_files=\[[^\]]/);
    page.printed = output;
  },
};

const IMPORT = /^import .*? from '[^']+';.*\n/gm;
const MARK = '--- the next block ---';

/** What the blocks of a page print, which are one program: the first of them runs it, and the others have their parts. */
const parts = new WeakMap<object, Map<Block, string>>();

/** All blocks of a page are one program, which is checked and run as it stands. */
export const typescript: Handler = {
  takes: ({ language }) => /^(ts|typescript)$/.test(language),
  run: async (block, page) => {
    let printed = parts.get(page);
    if (printed === undefined) {
      const all = page.blocks.filter((other) => typescript.takes(other, page));
      const whole = all.map(({ text }) => `${text}\n`);
      const imports = whole.flatMap((text) => text.match(IMPORT) ?? []);
      const code = whole.map((text) => text.replace(IMPORT, '')).join(`console.log('${MARK}');\n`);
      writeFileSync(join(page.clone, 'page.ts'), page.here([...imports, code].join('')));
      const config = { extends: './tsconfig.json', include: ['page.ts'] };
      writeFileSync(join(page.clone, 'tsconfig.page.json'), JSON.stringify(config));
      const types = await page.run('(cd "$CLONE" && tsc -p tsconfig.page.json)');
      assert.equal(types.status, 0, types.output);
      const { output, status } = await page.run('(cd "$CLONE" && node page.ts)');
      assert.equal(status, 0, output);
      const outputs = output.split(`${MARK}\n`);
      printed = new Map(all.map((other, at) => [other, outputs[at] ?? '']));
      parts.set(page, printed);
    }
    page.printed = printed.get(block);
  },
};
