import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { html } from './handlers/browser.ts';
import { nginx, prometheus } from './handlers/configurations.ts';
import type { Handler } from './handlers/handler.ts';
import { drawing, progress, tree } from './handlers/pictures.ts';
import { python, typescript } from './handlers/programs.ts';
import { commands, output, transcript } from './handlers/shell-blocks.ts';
import { DOCUMENTS } from './markdown.ts';
import { openPage } from './page.ts';
import { type ProductionServices, startProductionServices } from './production-services.ts';
import { installTools } from './tools.ts';

/** The first that takes a block has it. */
const HANDLERS: readonly Handler[] = [
  ...[commands, transcript, python, typescript, html, nginx, prometheus, tree, drawing, progress, output],
];

const folder = mkdtempSync(join(tmpdir(), 'sluice-documents-'));
const path = await installTools(folder);
let started: Promise<ProductionServices> | undefined;
const services = () => {
  started ??= startProductionServices();
  return started;
};
after(async () => {
  await (await started)?.remove();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

// A page mostly waits for processes to start: two of them at a time.
describe('documents', { concurrency: 2 }, () => {
  for (const [at, document] of DOCUMENTS.entries()) {
    test(document, async (t) => {
      const own = join(folder, String(at));
      mkdirSync(own);
      const page = await openPage(document, { folder: own, path, services });
      try {
        for (const block of page.blocks) {
          const { line, language, heading } = block;
          await t.test(`${document}:${line} ${language || 'output'}: ${heading}`, async () => {
            const handler = HANDLERS.find(({ takes }) => takes(block, page));
            assert.ok(handler, 'nothing tries this block: give it a language that something takes');
            await handler.run(block, page);
          });
        }
      } finally {
        await page.close();
      }
    });
  }
});
