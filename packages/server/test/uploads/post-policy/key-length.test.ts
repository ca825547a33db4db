import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { encodeFileName, MAX_KEY_BYTES, NAME_ROOM } from '@sluice/contract';
import { uploadPrefix } from '../../../src/domain/object-keys.ts';
import { checkKeyLength, checkNameLength } from '../../../src/uploads/post-policy/key-length.ts';

const PREFIX = uploadPrefix(randomUUID(), randomUUID(), randomUUID());

const takes = (check: typeof checkKeyLength, sent: string): boolean => {
  try {
    check(PREFIX + sent, PREFIX);
    return true;
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'KeyTooLongError');
    return false;
  }
};

const NAMES: [what: string, longest: string][] = [
  ['letters', 'x'.repeat(900)],
  ['accented letters', 'é'.repeat(450)],
  ['Chinese characters', '漢'.repeat(300)],
  ['emoji', '😀'.repeat(225)],
  ['four folders', Array.from({ length: 4 }, () => '漢'.repeat(74)).join('/')],
  ['Hangul', '각'.repeat(300)],
];
for (const [what, name] of NAMES) {
  test(`where keys are ours, 900 bytes of ${what} are a name, however they are sent`, () => {
    for (const sent of [name, encodeFileName(name), encodeFileName(name.normalize('NFD'))]) {
      assert.ok(takes(checkNameLength, sent), sent);
      assert.ok(takes(checkNameLength, `${sent}.meta.json`));
      assert.ok(takes(checkNameLength, `${sent}%2Emeta%2Ejson`));
    }
    const longer = `${name}${'x'.repeat(901 - Buffer.byteLength(name))}`;
    assert.ok(!takes(checkNameLength, longer));
    assert.ok(!takes(checkNameLength, encodeFileName(longer)));
    assert.ok(!takes(checkNameLength, `${longer}.meta.json`));
  });
}

test('a name of a bucket has the bytes that its folder leaves, as they are sent', () => {
  assert.equal(MAX_KEY_BYTES - PREFIX.length, NAME_ROOM.s3);
  const kinds: [string, number][] = [
    ['x', NAME_ROOM.s3],
    ['é', 149],
    ['漢', 99],
    ['😀', 74],
  ];
  for (const [character, most] of kinds) {
    assert.ok(takes(checkKeyLength, encodeFileName(character.repeat(most))), character);
    assert.ok(!takes(checkKeyLength, encodeFileName(character.repeat(most + 1))), character);
  }
  assert.throws(() => checkKeyLength(PREFIX + 'x'.repeat(898), PREFIX), {
    message:
      'The name of the file makes a key of 1025 bytes, 1024 are allowed. Percent-encoded names have room for ' +
      '897 letters a–z and digits, 149 accented letters, 99 Chinese characters or 74 emoji.',
    details: { Size: '1025', MaxSizeAllowed: '1024' },
  });
});

test('the refusal of a name says how long it is and may be', () => {
  assert.throws(() => checkNameLength(PREFIX + encodeFileName('漢'.repeat(301)), PREFIX), {
    message: 'The name of the file has 903 bytes of UTF-8, 900 are allowed.',
    details: { Size: '903', MaxSizeAllowed: '900' },
  });
});
