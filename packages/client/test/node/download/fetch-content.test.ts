import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Answer, startBareServer } from '../../../../../testing/server/bare-server.ts';
import { RETRY_POLICY } from '../../../src/http/retry-timing.ts';
import { fetchContent } from '../../../src/node/download/fetch-content.ts';
import { partialFiles } from '../../../src/node/download/partial-files.ts';
import { createClient } from '../../../src/node/index.ts';

const retry = { ...RETRY_POLICY, attempts: 2, firstDelayMs: 1 };
const etag = '"new"';

const part = (range: string, body: string): Answer => ({
  status: 206,
  headers: { etag, 'content-range': `bytes ${range}` },
  body,
});
const whole: Answer = { status: 200, headers: { etag }, body: '0123456789' };

test('CLI.1: whatever is answered to the rest of a file, the file is whole and of one version', async (t) => {
  const cases: [string, Answer[], string | null][] = [
    ['the rest', [part('5-9/10', '56789')], 'bytes=5-'],
    ['all of it', [whole], 'bytes=5-'],
    ['all of it, which is less than there is', [{ status: 200, headers: { etag }, body: '01' }], 'bytes=5-'],
    ['nothing is behind that', [416, whole], 'bytes=5-'],
    ['less than it says', [part('5-6/10', '56'), part('7-9/10', '789')], 'bytes=5-'],
  ];
  for (const [what, answers, range] of cases) {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-client-'));
    t.after(() => rm(folder, { recursive: true }));
    const { url, seen } = await startBareServer(t, answers);
    const { files } = createClient({ baseUrl: url, apiKey: 'key', retry });
    const partials = await partialFiles(folder, t.signal);
    const begun = await partials.open('id');
    await begun.handle.write('01234');
    await begun.setEtag(etag);
    await begun.close();
    const partial = await partials.open('id');
    const settings = {
      files,
      workspace: 'w',
      retry,
      stallTimeoutMs: 5000,
      signal: new AbortController().signal,
    };
    await fetchContent('id', partial, settings);
    await partial.close();
    const expected = what.includes('less than there is') ? '01' : '0123456789';
    assert.equal(await readFile(partial.path, 'utf8'), expected, what);
    assert.deepEqual([seen[0]?.headers.range, seen[0]?.headers['if-range']], [range, etag], what);
    assert.equal(seen.length, answers.length, what);
  }
});
