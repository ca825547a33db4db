import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { GetBucketCorsCommand, ListObjectsV2Command, PutBucketCorsCommand } from '@aws-sdk/client-s3';
import { type CheckOptions, checkBucket } from '../../../packages/server/src/objects/s3/bucket/check.ts';
import { setUpBucket } from '../../../packages/server/src/objects/s3/bucket/setup.ts';
import { storeCause } from '../../../packages/server/src/objects/s3/cause.ts';
import type { Clock } from '../../../packages/server/src/service/ports/clock.ts';
import { createDirectForms } from '../../../packages/server/src/uploads/direct-forms.ts';
import { testClock } from '../../../testing/objects/test-clock.ts';
import { services } from '../../../testing/production/services.ts';
import type { StoreAccess } from '../../../testing/services/store.ts';
import { directClient, removeBucket, testBucket } from './test-bucket.ts';

/** What each store is known to have, which roads it can go, and how long names may be, in bytes as they are sent. */
const KNOWN: Record<string, { cors: string; lifecycle: string; roads: string[]; names: number }> = {
  versitygw: { cors: 'done', lifecycle: 'unsupported', roads: ['relay'], names: 255 },
  minio: { cors: 'unsupported', lifecycle: 'unsupported', roads: ['direct', 'relay'], names: 255 },
};

const explain = (error: unknown): string => storeCause(error).code;

const options = (clock: Clock): CheckOptions => ({
  clock,
  publicEndpoint: null,
  uploads: 'direct',
  signForms: createDirectForms,
  explain,
});

const settingsOf = (service: StoreAccess, bucket: string) => ({ ...service, forcePathStyle: true, bucket });

for (const service of services().stores) {
  const known = KNOWN[service.name];

  test(`${service.name}: a bucket is set up, and setting it up again changes nothing`, async (t) => {
    const bucket = `sluice-${randomBytes(8).toString('hex')}`;
    const client = directClient(service);
    t.after(async () => {
      await removeBucket(client, bucket);
      client.destroy();
    });
    const setUp = () => setUpBucket(settingsOf(service, bucket), { origins: ['https://a.example'], explain });
    const first = await setUp();
    const second = await setUp();
    assert.deepEqual(
      first.map(({ step }) => step),
      ['bucket', 'cors', 'lifecycle'],
    );
    assert.equal(first[0]?.outcome, 'done');
    assert.equal(second[0]?.outcome, 'present');
    for (const steps of [first, second]) {
      for (const { outcome, message } of steps.slice(1)) {
        assert.ok(outcome === 'done' || outcome === 'unsupported', message);
      }
      if (known) assert.deepEqual([steps[1]?.outcome, steps[2]?.outcome], [known.cors, known.lifecycle]);
    }
    if (first[1]?.outcome !== 'done') return;
    const { CORSRules } = await client.send(new GetBucketCorsCommand({ Bucket: bucket }));
    assert.deepEqual(
      CORSRules?.map(({ AllowedOrigins, AllowedMethods }) => [AllowedOrigins, AllowedMethods]),
      [[['https://a.example'], ['POST']]],
    );

    const others = { ID: 'others', AllowedMethods: ['GET'], AllowedOrigins: ['https://b.example'] };
    await client.send(
      new PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration: { CORSRules: [others] } }),
    );
    await setUp();
    const both = await client.send(new GetBucketCorsCommand({ Bucket: bucket }));
    assert.deepEqual(
      both.CORSRules?.map(({ ID }) => ID),
      ['others', 'sluice'],
      'the rules of others stay',
    );
  });

  test(`${service.name}: a check says what the store can do, and leaves nothing behind`, async (t) => {
    const { clock } = testClock();
    const { bucket, client } = await testBucket(t, service);
    const { checks, roads } = await checkBucket(settingsOf(service, bucket), options(clock));
    t.diagnostic(checks.map(({ check, outcome, message }) => `${check} ${outcome}: ${message}`).join('\n'));
    for (const check of ['write', 'list', 'move', 'condition', 'parts', 'delete']) {
      assert.equal(checks.find((one) => one.check === check)?.outcome, 'ok', check);
    }
    assert.ok(roads.includes('relay'));
    const names = checks.find(({ check }) => check === 'names');
    const [, letters, accented, chinese, emoji] =
      /have (\d+) letters a–z and digits, (\d+) accented letters, (\d+) Chinese characters or (\d+) emoji/
        .exec(names?.message ?? '')
        ?.map(Number) ?? [];
    if (known) assert.deepEqual([names?.outcome, letters], ['weak', known.names]);
    else assert.ok(letters);
    assert.deepEqual(
      [accented, chinese, emoji],
      [6, 9, 12].map((bytes) => Math.floor((letters ?? 0) / bytes)),
    );
    if (known) assert.deepEqual(roads, known.roads);
    const left = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
    assert.deepEqual(left.Contents ?? [], []);

    const relayed = await checkBucket(settingsOf(service, bucket), { ...options(clock), uploads: 'relay' });
    const failed = relayed.checks.filter(({ outcome }) => outcome === 'failed');
    assert.deepEqual(failed, [], 'what only the other road needs is no failure');
  });

  test(`${service.name}: a check of a bucket that is not there, or with another key, fails in words`, async (t) => {
    const { clock } = testClock();
    const { bucket } = await testBucket(t, service);
    const missing = await checkBucket(settingsOf(service, `${bucket}-none`), options(clock));
    assert.deepEqual(missing.roads, []);
    assert.match(missing.checks[0]?.message ?? '', /NoSuchBucket/);
    const wrong = { ...settingsOf(service, bucket), secretAccessKey: 'another' };
    const refused = await checkBucket(wrong, options(clock));
    assert.deepEqual(refused.roads, []);
    assert.match(refused.checks[0]?.message ?? '', /SignatureDoesNotMatch/);
  });
}
