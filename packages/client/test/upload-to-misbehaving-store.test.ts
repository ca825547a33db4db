import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { documentedFieldsOnly } from '../../../testing/server/documented-fields.ts';
import { freePort } from '../../../testing/server/free-port.ts';
import { startSluice } from '../../../testing/server/sluice-server.ts';
import { createClient, type Upload, UploadInterrupted } from '../src/node/index.ts';
import { startMisbehavingStore, type Trouble } from './misbehaving-store.ts';

const ATTEMPTS = 4;

/** What objects meet, by the beginning of their names: once, the first times, or always. */
const TROUBLES: Record<string, { trouble: Trouble; times: number }> = {
  fine: { trouble: 'none', times: 0 },
  dropped: { trouble: 'is dropped', times: 2 },
  unanswered: { trouble: 'loses its answer', times: 1 },
  stalled: { trouble: 'stalls', times: 1 },
  throttled: { trouble: { status: 429, retryAfter: '0' }, times: 2 },
  broken: { trouble: { status: 500 }, times: 3 },
  busy: { trouble: { status: 503, code: 'SlowDown', retryAfter: '0' }, times: 2 },
  cut: { trouble: { status: 400, code: 'RequestTimeout' }, times: 1 },
  refused: { trouble: { status: 403, code: 'AccessDenied' }, times: 99 },
  malformed: { trouble: { status: 400, code: 'MalformedPOSTRequest' }, times: 99 },
  failing: { trouble: { status: 500, code: 'InternalError' }, times: 99 },
  silent: { trouble: 'stalls', times: 99 },
};

const store = await startMisbehavingStore((name, attempt) => {
  const { trouble = 'none', times = 0 } = TROUBLES[/^[a-z]+/.exec(name)?.[0] ?? ''] ?? {};
  return attempt <= times ? trouble : 'none';
});
const port = await freePort();
store.leadsTo = `http://127.0.0.1:${port}`;
const { apiKey } = await startSluice({ SLUICE_PORT: `${port}`, SLUICE_PUBLIC_URL: store.url });
const options = {
  baseUrl: store.url,
  apiKey,
  stallTimeoutMs: 1_000,
  retry: { attempts: ATTEMPTS, firstDelayMs: 1, maxDelayMs: 5 },
};

const KINDS: Record<string, typeof fetch> = {
  ours: fetch,
  'one with documented fields only': documentedFieldsOnly,
};

/** Names are of one client: what was seen of them is told apart by those. */
const inputsOf = (service: string) =>
  Object.keys(TROUBLES).flatMap((kind) =>
    Array.from({ length: 2 }, (_, index) => ({
      name: `${kind}-${service}-${index}`,
      body: kind,
      meta: { kind },
    })),
  );

const outcomes = ({ results }: Upload) =>
  Object.fromEntries(results.map(({ name, status, reason }) => [name, `${status} ${reason}`]));

// Side by side: most of their time they wait for a store that is silent.
suite('at a store that misbehaves', { concurrency: true }, () => {
  for (const [service, fetchOfKind] of Object.entries(KINDS)) {
    const client = createClient({ ...options, fetch: fetchOfKind });

    test(`CLI.1: at ${service}, every file ends with a truthful result, and nothing taken is sent twice`, async () => {
      const inputs = inputsOf(service);
      const workspace = (await client.workspaces.create(service)).name;
      const upload = await client.uploadFiles(workspace, inputs, { concurrency: 12, waitTimeoutMs: 20_000 });

      assert.ok(upload.settled);
      const expected = inputs.map(({ name, body }) => [
        name,
        (TROUBLES[body]?.times ?? 0) < ATTEMPTS ? 'finished null' : 'failed UPLOAD_FAILED',
      ]);
      assert.deepEqual(outcomes(upload), Object.fromEntries(expected));

      const listed = await Array.fromAsync(client.files.listAll(workspace));
      assert.deepEqual(
        listed.map(({ name }) => name).sort(),
        upload.results.flatMap(({ name, status }) => (status === 'finished' ? name : [])).sort(),
      );
      for (const { name, meta } of listed) assert.equal(name.split('-')[0], meta.kind);
      for (const [name, { triedAfterwards }] of store.seen)
        if (name.includes(`-${service}-`)) assert.equal(triedAfterwards, 0, name);

      const tries = (name: string) => store.seen.get(`${name}-${service}-0.meta.json`)?.tries;
      assert.deepEqual(
        [tries('refused'), tries('malformed'), tries('failing'), tries('silent')],
        [1, 1, 4, 4],
      );
      const words = new Map(upload.results.map(({ name, message }) => [name, message]));
      assert.match(words.get(`refused-${service}-0`) ?? '', /403, AccessDenied/);
      assert.match(words.get(`silent-${service}-0`) ?? '', /did not answer within 1 s/);
    });
  }
});

for (const [service, fetchOfKind] of Object.entries(KINDS)) {
  test(`CLI.1: at ${service}, a run that was ended is gone on with, and nothing taken is sent twice`, async () => {
    // One that waits for a slow machine: it would send again what has been taken.
    const { stallTimeoutMs: _, ...patient } = options;
    const client = createClient({ ...patient, fetch: fetchOfKind });
    const workspace = (await client.workspaces.create(`${service}, resumed`)).name;
    const many = Array.from({ length: 80 }, (_, index) => ({
      name: `fine-${service}, resumed-${index}`,
      body: 'x',
      meta: { index },
    }));
    const controller = new AbortController();
    const error = await client
      .uploadFiles(workspace, many, {
        signal: controller.signal,
        onProgress: ({ sent }) => sent === 30 && controller.abort(new Error('enough')),
      })
      .catch((caught: unknown) => caught);
    assert.ok(error instanceof UploadInterrupted);

    const upload = await client.uploadFiles(workspace, many, { resume: { sessionId: error.sessionId } });
    assert.ok(upload.settled && upload.results.every(({ status }) => status === 'finished'));
    assert.equal((await client.files.list(workspace)).total, 80);
    for (const { name, status } of error.results) {
      const { acknowledged = 0, triedAfterwards = 0 } = store.seen.get(name) ?? {};
      if (status === 'pending') assert.deepEqual([acknowledged, triedAfterwards], [1, 0], name);
    }
  });
}
