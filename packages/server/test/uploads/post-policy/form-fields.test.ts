import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addField, substituteFilename } from '../../../src/uploads/post-policy/form-fields.ts';

test('POL.11: of a filename only what follows the last slash or backslash is put in, and nothing is decoded', () => {
  const cases: [string | undefined, string][] = [
    ['a.txt', 'p/a.txt'],
    ['/etc/passwd', 'p/passwd'],
    ['..\\..\\a.txt', 'p/a.txt'],
    ['../s2/a.txt', 'p/a.txt'],
    ['C:\\dir\\a.txt', 'p/a.txt'],
    ['C:a.txt', 'p/C:a.txt'],
    ['..%2F..%2Fa.txt', 'p/..%2F..%2Fa.txt'],
    ['%252e%252e', 'p/%252e%252e'],
    ['..', 'p/..'],
    ['.meta.json', 'p/.meta.json'],
    ['$& $1 $$', 'p/$& $1 $$'],
    [`\${filename}`, `p/\${filename}`],
    ['dir/', 'p/'],
    ['', 'p/'],
    [undefined, 'p/'],
  ];
  for (const [filename, key] of cases) {
    const fields = new Map<string, string>([['key', `p/\${filename}`]]);
    substituteFilename(fields, filename);
    assert.equal(fields.get('key'), key, String(filename));
  }
});

test('any field may ask for the filename, as often as it likes', () => {
  const fields = new Map([
    ['key', `\${filename}/\${filename}`],
    ['success_action_redirect', `http://x/?f=\${filename}`],
    ['other', '$filename {filename}'],
  ]);
  substituteFilename(fields, 'a');
  assert.deepEqual([...fields.values()], ['a/a', 'http://x/?f=a', '$filename {filename}']);
});

test('POL.9: a field may come once, whatever its letter case', () => {
  const fields = new Map<string, string>();
  addField(fields, 'Key', 'a');
  for (const name of ['key', 'Key', 'KEY']) {
    assert.throws(() => addField(fields, name, 'a'), { code: 'InvalidArgument' }, name);
  }
  for (const name of ['__proto__', 'constructor']) addField(fields, name, 'x');
  assert.deepEqual([...fields.keys()], ['key', '__proto__', 'constructor']);
});
