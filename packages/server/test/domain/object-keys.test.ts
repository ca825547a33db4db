import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  fileKey,
  keyPath,
  organizationPrefix,
  parseObjectKey,
  uploadPrefix,
  workspacePrefix,
} from '../../src/domain/object-keys.ts';
import { uuidOf } from '../../src/domain/uuid.ts';

const [O, W, S, C] = ['organization', 'workspace', 'session', 'content'].map(uuidOf) as [
  string,
  string,
  string,
  string,
];

test('every folder of keys ends in a slash, and lies in the one above it', () => {
  const folders = [organizationPrefix(O), workspacePrefix(O, W), uploadPrefix(O, W, S)];
  assert.deepEqual(folders, [`${O}/`, `${O}/${W}/`, `${O}/${W}/upload_sessions/${S}/`]);
  assert.equal(fileKey(O, W, C), `${O}/${W}/files/${C}`);
});

test('a key says what it is of, and what is not made by the rules says nothing', () => {
  const upload = { workspaceId: W, kind: 'upload', sessionId: S };
  const cases: [string, object | undefined][] = [
    [fileKey(O, W, C), { workspaceId: W, kind: 'file', contentId: C }],
    [`${uploadPrefix(O, W, S)}a.txt`, upload],
    [`${uploadPrefix(O, W, S)}a/b.txt`, upload],
    [uploadPrefix(O, W, S), upload],
    [uploadPrefix(O, W, S).slice(0, -1), undefined],
    [`${fileKey(O, W, C)}/`, undefined],
    [`${fileKey(O, W, C)}/a`, undefined],
    [`/${fileKey(O, W, C)}`, undefined],
    [fileKey(O, W, C.toUpperCase()), undefined],
    [fileKey('backup', W, C), undefined],
    [fileKey(O, 'backup', C), undefined],
    [fileKey(O, W, 'backup'), undefined],
    [`${O}/${W}/pictures/${C}`, undefined],
    ['backup.tar', undefined],
    ['', undefined],
  ];
  for (const [key, expected] of cases) assert.deepEqual(parseObjectKey(key), expected, key);
});

test('in an address all of a key is escaped but what never needs it', () => {
  const cases: [string, string][] = [
    ['o/w/a-b_c.d~e', 'o/w/a-b_c.d~e'],
    ['a b+c', 'a%20b%2Bc'],
    ["!'()*", '%21%27%28%29%2A'],
    ['?#%', '%3F%23%25'],
    ['é/猫', '%C3%A9/%E7%8C%AB'],
    ['a//b', 'a//b'],
  ];
  for (const [key, path] of cases) assert.equal(keyPath(key), path);
});
