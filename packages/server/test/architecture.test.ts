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
  'server/uploads': ['contract', 'server/domain', 'server/service/ports'],
  'server/objects': ['contract', 'server/domain', 'server/service/ports', 'server/uploads/intake'],
  'server/jobs': ['contract', 'server/domain', 'server/service/ports'],
  'server/http': ['contract', 'server/domain', 'server/service', 'server/uploads/multipart'],
  'server/settings': ['contract', 'server/domain'],
  'server/data-folder': [
    'contract',
    'server/domain',
    'server/service/ports',
    'server/objects/local/folders',
    'server/uploads/post-policy/signature',
  ],
  'server/commands': [
    'contract',
    'server',
    'server/domain',
    'server/settings',
    'server/data-folder',
    'server/uploads',
    'server/service',
    'server/store',
    'server/objects',
    'server/jobs',
  ],
  server: [
    'contract',
    'server/commands',
    'server/domain',
    'server/settings',
    'server/data-folder',
    'server/uploads',
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

/** Rooms beside each other that share what is in `objects/remote` and above, and nothing else. */
const APART = [
  'server/objects/local/',
  'server/objects/s3/',
  'server/store/sqlite/',
  'server/store/postgres/',
];

test('adapters of one port do not see each other', () => {
  const wrong = imports.flatMap(({ file, specifier }) => {
    const own = APART.find((one) => file.replace('/src/', '/').startsWith(one));
    const target = targetOf(file, specifier);
    if (own === undefined || target === undefined) return [];
    const theirs = APART.find((one) => target.startsWith(one));
    return theirs === undefined || theirs === own ? [] : [`${file} imports ${target}`];
  });
  assert.deepEqual(wrong, []);
});

test('no file imports itself by way of others, be it a type', () => {
  const graph = new Map<string, string[]>();
  for (const { file, specifier } of imports) {
    if (!specifier.startsWith('.')) continue;
    graph.set(file, [...(graph.get(file) ?? []), join(dirname(file), specifier)]);
  }
  const done = new Set<string>();
  const circles: string[] = [];
  const walk = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' -> '));
    if (done.has(file) || way.includes(file)) return;
    for (const next of graph.get(file) ?? []) walk(next, [...way, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  assert.deepEqual(circles, []);
});

test('a folder holds what a glance can take in', () => {
  const counts = Map.groupBy(sourceFiles(), dirname);
  const crowded = [...counts].flatMap(([folder, { length }]) =>
    length > 16 ? [`${folder}: ${length}`] : [],
  );
  assert.deepEqual(crowded, []);
});

/** Code beside the product, which shares what is in `testing/` and nothing else. */
const ROOMS = /^(packages\/[^/]+\/test|suites|bench|scripts|testing)\//;

test('tests, suites, benchmarks and scripts share their kit, and import nothing of each other', () => {
  const root = join(PACKAGES, '..');
  const files = ['packages', 'suites', 'bench', 'scripts', 'testing'].flatMap((folder) =>
    (readdirSync(join(root, folder), { recursive: true }) as string[])
      .map((file) => join(folder, file))
      .filter((file) => /\.ts$/.test(file) && !file.includes('node_modules') && ROOMS.test(file)),
  );
  assert.ok(files.length > 300, 'the files were found');
  const wrong = files.flatMap((file) => {
    const [, room] = ROOMS.exec(file) as unknown as [string, string];
    const text = readFileSync(join(root, file), 'utf8');
    return [...text.matchAll(/from\s+'(\.[^']+)'|\bimport\('(\.[^']+)'\)/g)].flatMap((match) => {
      const target = join(dirname(file), (match[1] ?? match[2]) as string);
      const [, other] = ROOMS.exec(target) ?? [];
      return other === undefined || other === room || other === 'testing'
        ? []
        : [`${file} imports ${target}`];
    });
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
