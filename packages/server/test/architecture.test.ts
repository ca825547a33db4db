import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const PACKAGES = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What each part may import besides itself. Dependencies point one way; `server` alone knows all of its own parts. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  contract: [],
  'server/domain': ['contract'],
  'server/service': ['contract', 'server/domain'],
  'server/store': ['contract', 'server/domain', 'server/service/ports', 'server/service/breathe'],
  'server/objects': ['contract', 'server/domain', 'server/service/ports'],
  'server/jobs': ['contract', 'server/domain', 'server/service/ports'],
  'server/http': ['contract', 'server/domain', 'server/service'],
  'server/commands': [
    'contract',
    'server',
    'server/domain',
    'server/service',
    'server/store',
    'server/objects',
    'server/jobs',
  ],
  server: [
    'contract',
    'server/commands',
    'server/domain',
    'server/service',
    'server/store',
    'server/objects',
    'server/jobs',
    'server/http',
  ],
  client: ['contract'],
  cli: ['contract', 'client'],
};

/** Where packages from outside are at home; those not named here may be imported by nobody but `server` itself. */
const HOME: Record<string, readonly string[]> = {
  typebox: ['contract', 'server/http'],
  kysely: ['server/store'],
  pg: ['server/store'],
  'pg-boss': ['server/jobs'],
  '@aws-sdk/': ['server/objects'],
  commander: ['cli'],
  fastify: ['server/http'],
  '@fastify/': ['server/http'],
  'prom-client': ['server/http'],
  'range-parser': ['server/http'],
  'content-disposition': ['server/http'],
  'p-queue': ['server/jobs'],
  'p-retry': ['server/jobs'],
  croner: ['server/jobs'],
};

/** The only files that open databases or are given one. */
const SQL_FILES = [
  'store/sqlite/connection.ts', // for threads
  'data-folder/folder-lock.ts',
  'store/transfer/read-only.ts', // for a command, as the next
  'objects/local/source.ts',
  'objects/local/writing/batch-writer.ts', // for a thread
  'objects/local/upload-prefixes.ts', // for that thread
  'objects/local/schema.ts',
  'objects/local/reads.ts', // looks by key, and at pages
];

type Import = { file: string; part: string; specifier: string };

const imports: Import[] = sourceFiles().flatMap((file) => {
  const text = readFileSync(join(PACKAGES, file), 'utf8');
  const found = text.matchAll(
    /^(?:import|export)\s[^;]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm,
  );
  return [...found].map((match) => ({
    file,
    part: partOf(file),
    specifier: (match[1] ?? match[2] ?? match[3]) as string,
  }));
});

test('dependencies point one way', () => {
  assert.ok(imports.length > 100, 'the imports were found');
  const wrong = imports.flatMap(({ file, part, specifier }) => {
    const target = targetOf(file, specifier);
    if (target === undefined || partOf(target) === part) return [];
    const allowed = MAY_IMPORT[part]?.some(
      (one) => target === `${one}.ts` || target.startsWith(`${one}/`) || partOf(target) === one,
    );
    return allowed ? [] : [`${file} imports ${target}`];
  });
  assert.deepEqual(wrong, []);
});

test('packages from outside stay where they belong', () => {
  const wrong = imports.flatMap(({ file, part, specifier }) => {
    if (/^(\.|node:|@sluice\/)/.test(specifier) || part === 'server') return [];
    const home = Object.entries(HOME).find(
      ([name]) => specifier === name || specifier.startsWith(name.replace(/\/?$/, '/')),
    );
    return home?.[1].includes(part) ? [] : [`${file} imports ${specifier}`];
  });
  assert.deepEqual(wrong, []);
});

/** The files that own a process, and the one that a caller asks for the environment by name. */
const MAY_READ_ENVIRONMENT = ['server/src/main.ts', 'cli/src/main.ts', 'client/src/node/environment.ts'];

test('no file below main.ts reads the environment', () => {
  const wrong = sourceFiles().filter(
    (file) =>
      !MAY_READ_ENVIRONMENT.includes(file) &&
      /\bprocess\.env\b/.test(readFileSync(join(PACKAGES, file), 'utf8')),
  );
  assert.deepEqual(wrong, []);
});

function sourceFiles(): string[] {
  return readdirSync(PACKAGES).flatMap((name) =>
    (readdirSync(join(PACKAGES, name, 'src'), { recursive: true }) as string[])
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(name, 'src', file).split(sep).join('/')),
  );
}

/** `server/src/http/routes/files.ts` -> `server/http`; a file right below src belongs to the package itself. */
function partOf(file: string): string {
  const [name = '', ...rest] = file.replace('/src/', '/').split('/');
  return rest.length > 1 && name === 'server' ? `${name}/${rest[0]}` : name;
}

/** The file or package of ours that is imported, without `src`; undefined for what comes from outside. */
function targetOf(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('@sluice/')) return specifier.slice('@sluice/'.length).split('/')[0];
  if (!specifier.startsWith('.')) return undefined;
  const path = relative(PACKAGES, join(PACKAGES, dirname(file), specifier));
  return path.split(sep).join('/').replace('/src/', '/');
}

test('SQL runs in threads; where it does not, it is quick or nobody waits', () => {
  const found = imports.filter(({ specifier }) => specifier === 'node:sqlite').map(({ file }) => file);
  const inSource = found.filter((file) => file.startsWith('server/src/')).sort();
  assert.deepEqual(inSource, SQL_FILES.map((file) => `server/src/${file}`).sort());
});

/** Each of them loads what its entry imports once more; the library of the schemas alone is 15 MB. */
test('a thread loads nothing but files of ours that need no package', () => {
  const entries = sourceFiles().filter((file) => file.endsWith('/worker.ts'));
  assert.equal(entries.length, 2);
  const loaded = new Set(entries);
  for (const file of loaded) {
    const text = readFileSync(join(PACKAGES, file), 'utf8');
    for (const [, specifier = ''] of text.matchAll(/^(?:im|ex)port\s(?!type\b)[^;]*?from\s+'([^']+)'/gm)) {
      if (specifier.startsWith('node:')) continue;
      const isPlain = specifier === '@sluice/contract/plain';
      assert.ok(isPlain || specifier.startsWith('.'), `${file} imports ${specifier}`);
      loaded.add(isPlain ? 'contract/src/plain.ts' : join(dirname(file), specifier));
    }
  }
  assert.ok(loaded.size > entries.length, 'imports were followed');
});
