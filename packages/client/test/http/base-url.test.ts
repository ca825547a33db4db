import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiRoot } from '../../src/http/base-url.ts';

const CASES: [given: string, root: string][] = [
  ['http://127.0.0.1:8000', 'http://127.0.0.1:8000/api/v1'],
  ['http://127.0.0.1:8000/', 'http://127.0.0.1:8000/api/v1'],
  ['https://files.example/api/v1', 'https://files.example/api/v1'],
  ['https://files.example/api/v1///', 'https://files.example/api/v1'],
  ['https://files.example/API/V1/', 'https://files.example/api/v1'],
  ['https://files.example/v1', 'https://files.example/api/v1'],
  ['https://files.example/api', 'https://files.example/api/v1'],
  ['https://files.example/sluice', 'https://files.example/sluice/api/v1'],
  ['https://files.example/sluice/api/v1', 'https://files.example/sluice/api/v1'],
  ['https://files.example/v1-archive', 'https://files.example/v1-archive/api/v1'],
];

for (const [given, root] of CASES) {
  test(`${given} leads to ${root}`, () => assert.equal(apiRoot(given), root));
}

for (const given of ['', 'files.example', 'ftp://files.example', 'file:///etc']) {
  test(`"${given}" is refused`, () => assert.throws(() => apiRoot(given), TypeError));
}
