import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createService, startOrRemove } from '../../../testing/services/service.ts';

test('a server that ends early is reported with what it said, and its data go', async () => {
  let deleted = 0;
  const service = createService({
    name: 'broken',
    command: ['sh', '-c', 'echo "no such setting" >&2; exit 3'],
    stopSignal: 'SIGTERM',
    isReady: async () => false,
    deleteData: async () => {
      deleted += 1;
    },
  });
  await assert.rejects(startOrRemove(service), /broken ended early:\nno such setting/);
  assert.equal(deleted, 1);
  assert.equal(service.pid(), undefined);
});

test('a server whose port is held for a moment longer is started again', async () => {
  let questions = 0;
  const service = createService({
    name: 'patient',
    command: ['sh', '-c', 'echo "Address already in use"; exit 1'],
    stopSignal: 'SIGTERM',
    isReady: async () => {
      questions += 1;
      return questions > 5;
    },
    deleteData: async () => {},
  });
  await service.start();
  await service.remove();
});

test('a program that is not there is a failure, not a crash', async () => {
  const service = createService({
    name: 'absent',
    command: ['/nowhere/program'],
    stopSignal: 'SIGTERM',
    isReady: async () => false,
    deleteData: async () => {},
  });
  await assert.rejects(service.start(), /absent ended early/);
});
