import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Content, contentInMemory, UnreadableContent } from '../../../src/upload/planning/content.ts';
import type { UploadInput } from '../../../src/upload/planning/input.ts';
import { planUpload } from '../../../src/upload/planning/plan-upload.ts';

const platform = {
  openPath: async (path: string): Promise<Content> => {
    if (path === 'missing') throw new UnreadableContent('It does not exist.');
    if (path === 'broken') throw new Error('not about the file');
    return contentInMemory(path);
  },
};

const textOf = async (content: Content | null | undefined) =>
  content ? new TextDecoder().decode(await content.whole()) : null;

test('a plan has every file with its sidecar, and how many bytes that is', async () => {
  const plan = await planUpload(
    [
      { name: 'text', body: 'grün' },
      { name: 'bytes', body: new Uint8Array([1, 2, 3]), meta: { a: 1 } },
      { name: 'blob', body: new Blob(['abc']) },
      { name: 'path', body: { path: 'on disk' } },
      { name: 'path.meta.json', body: '{}' },
    ],
    platform,
  );
  assert.deepEqual(
    plan.files.map(({ input, name }) => `${input} ${name}`),
    ['0 text', '1 bytes', '2 blob', '3 path'],
  );
  assert.deepEqual(
    plan.files.map(({ content }) => content.size),
    [5, 3, 3, 7],
  );
  assert.deepEqual(await Promise.all(plan.files.map(({ sidecar }) => textOf(sidecar))), [
    null,
    '{"a":1}',
    null,
    '{}',
  ]);
  assert.equal(plan.bytes, 5 + 3 + 3 + 7 + 7 + 2);
  assert.deepEqual(plan.problems, []);
});

test('what cannot be read is known before anything is sent, and takes its file with it', async () => {
  const plan = await planUpload(
    [
      { name: 'a', body: { path: 'missing' } },
      { name: 'b', body: 'b' },
      { name: 'b.meta.json', body: { path: 'missing' } },
      { name: 'c', body: 'c' },
    ],
    platform,
  );
  assert.deepEqual(
    plan.files.map(({ name }) => name),
    ['c'],
  );
  assert.deepEqual(plan.problems, [
    { input: 0, name: 'a', code: 'UNREADABLE', message: 'It does not exist.' },
    { input: 1, name: 'b', code: 'UNREADABLE', message: 'Its sidecar: It does not exist.' },
  ]);
});

test('orphan sidecars are opened for whoever wants to send them', async () => {
  const plan = await planUpload(
    [
      { name: 'x.meta.json', body: '{}' },
      { name: 'y.meta.json', body: { path: 'missing' } },
    ],
    platform,
  );
  assert.deepEqual(
    plan.orphanSidecars.map(({ name }) => name),
    ['x.meta.json'],
  );
  assert.deepEqual(
    plan.problems.map(({ code }) => code),
    ['ORPHAN_SIDECAR', 'ORPHAN_SIDECAR'],
  );
  assert.equal(plan.bytes, 0);
});

const stalled: AsyncIterable<string> = {
  [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }),
};

const STALLING: [title: string, input: UploadInput, openPath?: (path: string) => Promise<Content>][] = [
  ['a stream', { name: 'a', body: stalled }],
  ['a sidecar', { name: 'a.meta.json', body: stalled }],
  ['a path', { name: 'a', body: { path: 'of a file server that is away' } }, () => new Promise(() => {})],
];

for (const [title, input, openPath = platform.openPath] of STALLING) {
  test(`abort ends the wait for ${title} that stalls`, async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const planned = planUpload([input], { openPath }, { signal: controller.signal });
    setImmediate(() => controller.abort(reason));
    await assert.rejects(planned, reason);
  });
}

test('a stream that is only slow is read no further after an abort', async () => {
  const reason = new Error('enough');
  const controller = new AbortController();
  let closed = () => {};
  const isClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const endless = async function* () {
    try {
      for (let piece = 0; ; piece++) {
        if (piece === 10) controller.abort(reason);
        yield 'x';
      }
    } finally {
      closed();
    }
  };
  await assert.rejects(
    planUpload([{ name: 'a', body: endless() }], platform, { signal: controller.signal }),
    reason,
  );
  await isClosed;
});

test('an error that is not about a file is no problem of a file', async () => {
  await assert.rejects(planUpload([{ name: 'a', body: { path: 'broken' } }], platform), {
    message: 'not about the file',
  });
});

test('the order is that of the inputs, however long opening takes', async () => {
  const delays = [3, 0, 2, 1];
  const slow = {
    openPath: async (path: string) => {
      for (let turn = 0; turn < (delays[Number(path)] ?? 0); turn++) await new Promise(setImmediate);
      return contentInMemory(path);
    },
  };
  const plan = await planUpload(
    delays.map((_, index) => ({ name: `f${index}`, body: { path: String(index) } })),
    slow,
  );
  assert.deepEqual(
    plan.files.map(({ input }) => input),
    [0, 1, 2, 3],
  );
});
