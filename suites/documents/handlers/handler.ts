import type { Block } from '../markdown.ts';
import type { Page } from '../page.ts';

/** Knows what a kind of block is for, and tries it. The first that takes a block has it. */
export type Handler = {
  takes(block: Block, page: Page): boolean;
  /** @throws where the block does not do, or is not, what the page says */
  run(block: Block, page: Page): Promise<void>;
};
