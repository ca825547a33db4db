import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CreateMultipartUploadCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import { HOUR } from '../../../packages/server/src/domain/instant.ts';
import { fileKey, uploadPrefix } from '../../../packages/server/src/domain/object-keys.ts';
import { uuidOf } from '../../../packages/server/src/domain/uuid.ts';
import { createSweep } from '../../../packages/server/src/service/cleanup/sweep.ts';
import { SILENT } from '../../../packages/server/src/service/silent-observer.ts';
import { services } from '../../../testing/production/services.ts';
import { idlePorts } from '../../../testing/store/idle-ports.ts';
import { openTemporaryStore } from '../../../testing/store/open-sqlite-store.ts';
import { openStore } from './open-store.ts';

const [ORGANIZATION, WORKSPACE, ID] = ['organization', 'workspace', 'id'].map(uuidOf) as [
  string,
  string,
  string,
];
const FILE = fileKey(ORGANIZATION, WORKSPACE, ID);
const UPLOAD = `${uploadPrefix(ORGANIZATION, WORKSPACE, ID)}a b+é%.txt`;
const OTHERS = 'backups/database.dump';

for (const service of services().stores) {
  test(`${service.name}: a sweep ends uploads in parts that were begun too long ago, of our keys alone`, async (t) => {
    const { store, bucket, client, unfinished, clock, advance } = await openStore(t, service);
    const begin = async (Key: string): Promise<string> => {
      const { UploadId = '' } = await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }));
      const part = { Bucket: bucket, Key, UploadId, PartNumber: 1, Body: Buffer.alloc(1000) };
      await client.send(new UploadPartCommand(part));
      return UploadId;
    };
    await begin(FILE);
    await begin(UPLOAD);
    const others = await begin(OTHERS);
    const rows = await openTemporaryStore();
    t.after(() => rows.close());
    const { jobs } = await idlePorts(t);
    const sweep = createSweep({ store: rows, objects: store, jobs, clock, observer: SILENT });
    const { signal } = new AbortController();

    await sweep(signal);
    assert.equal((await unfinished()).length, 3, 'not a day old');
    advance(25 * HOUR);
    assert.equal(await store.abortAbandoned(clock() - store.lateness, { dryRun: true }), 2);
    assert.equal((await unfinished()).length, 3);
    await sweep(signal);
    assert.deepEqual(await unfinished(), [others]);
    assert.equal(await store.abortAbandoned(clock() - store.lateness), 0);
  });
}
