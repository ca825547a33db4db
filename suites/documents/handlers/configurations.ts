import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promtool } from '../../alerts/promtool.ts';
import { ROOT } from '../markdown.ts';
import type { Handler } from './handler.ts';

/** nginx itself reads it, within what the block leaves out. */
export const nginx: Handler = {
  takes: ({ language }) => language === 'nginx',
  run: async ({ text }, page) => {
    const site = /^server \{/m.test(text) ? text : `server { listen 127.0.0.1:8099;\n${text}\n}`;
    const whole = `pid ${page.scratch}/nginx.pid; events {} http { access_log off;\n${site}\n}`;
    writeFileSync(join(page.scratch, 'nginx.conf'), whole);
    const { output, status } = await page.run(
      'nginx -t -e stderr -p "$SCRATCH" -c "$SCRATCH/nginx.conf" -g "error_log stderr;"',
    );
    assert.equal(status, 0, output);
    if (/^upstream /m.test(text))
      assert.equal(`${text}\n`, readFileSync(join(ROOT, 'deploy', 'nginx.conf'), 'utf8'));
  },
};

export const prometheus: Handler = {
  takes: ({ language, text }) => language === 'yaml' && /^scrape_configs:/m.test(text),
  run: async ({ text }, page) => {
    writeFileSync(join(page.scratch, 'prometheus.yml'), text);
    promtool('check', 'config', '--syntax-only', join(page.scratch, 'prometheus.yml'));
  },
};
