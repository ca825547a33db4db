import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ArgumentError } from '../../src/argument-error.ts';
import { proxyOf } from '../../src/node/proxy.ts';

const P = 'http://proxy.example:3128/';
const Q = 'http://other.example:3128/';

const NAMED: [variables: Record<string, string>, target: string, proxy: string | null][] = [
  [{}, 'http://a.example', null],
  [{ HTTP_PROXY: P }, 'http://a.example', P],
  [{ http_proxy: P }, 'http://a.example', P],
  [{ http_proxy: P, HTTP_PROXY: Q }, 'http://a.example', P],
  [{ http_proxy: ' ', HTTP_PROXY: Q }, 'http://a.example', Q],
  [{ HTTP_PROXY: P }, 'https://a.example', null],
  [{ HTTPS_PROXY: P }, 'http://a.example', null],
  [{ HTTPS_PROXY: P, HTTP_PROXY: Q }, 'https://a.example', P],
  [{ ALL_PROXY: P }, 'https://a.example', P],
  [{ all_proxy: P, HTTP_PROXY: Q }, 'http://a.example', Q],
  [{ HTTP_PROXY: 'proxy.example:3128' }, 'http://a.example', P],
  [{ HTTPS_PROXY: 'https://proxy.example' }, 'https://a.example', 'https://proxy.example/'],
];

for (const [variables, target, proxy] of NAMED) {
  test(`${JSON.stringify(variables)} leads ${target} to ${proxy ?? 'no proxy'}`, () => {
    assert.equal(proxyOf(new URL(target), variables)?.url.href ?? null, proxy);
  });
}

const EXEMPT: [entries: string, host: string, isExempt: boolean][] = [
  ['*', 'a.example', true],
  ['', 'a.example', false],
  ['a.example', 'a.example', true],
  ['A.Example', 'a.example', true],
  ['example', 'a.example', true],
  ['.example', 'a.example', true],
  ['*.a.example', 'b.a.example', true],
  ['xample', 'a.example', false],
  ['b.example, a.example', 'a.example', true],
  ['b.example a.example', 'a.example', true],
  ['a.example:80', 'a.example', true],
  ['a.example:8080', 'a.example:8080', true],
  ['a.example:8080', 'a.example', false],
  ['127.0.0.1', '127.0.0.1:8000', true],
  ['0.0.1', '127.0.0.1', false],
  ['127.0.0.0/8', '127.1.2.3', true],
  ['10.0.0.0/8', '127.0.0.1', false],
  ['10.0.0.0/99', '10.0.0.1', false],
  ['10.0.0.0/8', 'a.example', false],
  ['::1', '[::1]', true],
  ['[::1]:80', '[::1]', true],
  ['0:0:0:0:0:0:0:1', '[::1]', true],
  ['[FD00:0::1]:80', '[fd00::1]', true],
  ['::2', '[::1]', false],
  ['fe80::1%eth0', '[fe80::1]', false],
  ['a.example', 'a.example.', true],
  ['fd00::/8', '[fd00::1]', true],
];

for (const [entries, host, isExempt] of EXEMPT) {
  test(`NO_PROXY=${entries} ${isExempt ? 'exempts' : 'does not exempt'} ${host}`, () => {
    const proxy = proxyOf(new URL(`http://${host}`), { HTTP_PROXY: P, NO_PROXY: entries });
    assert.equal(proxy === null, isExempt);
  });
}

for (const value of ['socks5://proxy.example:1080', 'http://', 'http://a:%zz@proxy.example', 'http://a b']) {
  test(`${value} cannot be meant, and is not shown`, () => {
    assert.throws(
      () => proxyOf(new URL('https://a.example'), { HTTPS_PROXY: value }),
      (error) => error instanceof ArgumentError && !error.message.includes(value),
    );
  });
}
