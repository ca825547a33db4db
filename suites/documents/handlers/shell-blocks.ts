import assert from 'node:assert/strict';
import { compare } from '../compare.ts';
import type { Block } from '../markdown.ts';
import type { Page } from '../page.ts';
import type { Handler } from './handler.ts';

/** Commands, run as a script: the first that fails ends it. */
export const commands: Handler = {
  takes: ({ language, text }) => /^(sh|bash)$/.test(language) && !text.startsWith('$ '),
  run: async ({ text }, page) => {
    const { output, status } = await page.run(page.here(inTheirShells(text)), true);
    assert.equal(status, 0, output);
    page.printed = output;
  },
};

/** What is meant for another shell is run by that one. */
const inTheirShells = (text: string): string =>
  text.replace(/^(?=.*completion zsh)(.*?)( +#.*)?$/gm, "zsh -fc 'autoload -U compinit; compinit -u -D; $1'");

/** Commands after `$`, each with what it prints. Which status they end with is theirs to say. */
export const transcript: Handler = {
  takes: ({ language, text }) => /^(|console|sh)$/.test(language) && text.startsWith('$ '),
  run: async (block, page) => {
    for (const step of block.text.split(/^\$ /m).slice(1)) {
      const [command, said] = split(step);
      const { output } = await page.run(page.here(command));
      compareHere(block, page, said, output, SIDE_BY_SIDE.test(command));
    }
  },
};

/** What concerns many files at once, or lists what did. */
const SIDE_BY_SIDE = /^(npx )?sluice (upload|download|files list)/;

/** The command goes on over lines that end with a backslash. */
const split = (step: string): [command: string, said: string] => {
  const command = /^(?:.*\\\n)*.*/.exec(step)?.[0] ?? '';
  return [command, step.slice(command.length + 1)];
};

/** What the block before it printed. */
export const output: Handler = {
  takes: ({ language }, page) => /^(|json)$/.test(language) && page.printed !== undefined,
  run: async (block, page) => {
    const printed = page.printed ?? '';
    page.printed = undefined;
    const isJson = block.language === 'json';
    compareHere(block, page, isJson ? pretty(block.text) : block.text, isJson ? pretty(printed) : printed);
  },
};

const pretty = (text: string): string => JSON.stringify(JSON.parse(text), undefined, 1);

const compareHere = (block: Block, page: Page, said: string, printed: string, inAnyOrder = false): void => {
  const more = page.setting.varies?.filter((one) => one.in.test(block.text)).flatMap(({ is }) => is) ?? [];
  compare(page.here(said), printed, { more, inAnyOrder, learn: page.learn });
};
