import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { after, test } from 'node:test';
import { installClient } from './installed.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PACKAGES = join(ROOT, 'node_modules');
const project = installClient();
after(() => rmSync(dirname(project), { recursive: true }));

/** Checks one file in the project as strictly as can be, the declarations of the package included. */
const check = (name: string, source: string, options: { lib: string[]; types: string[] }): string => {
  writeFileSync(join(project, name), source);
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    ...options,
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [name] }));
  const tsc = join(PACKAGES, 'typescript', 'bin', 'tsc');
  return spawnSync(process.execPath, [tsc, '-p', project], { encoding: 'utf8' }).stdout;
};

const WEB = `
import {
  type Client,
  createClient,
  ExactNumber,
  type Metadata,
  type MetadataInput,
  type MetadataValue,
  UploadInterrupted,
  type UploadResult,
} from '@sluice/client';
const client: Client = createClient({ baseUrl: 'https://example.org', apiKey: 'k', workspaceName: 'w' });
export const send = async (input: HTMLInputElement): Promise<UploadResult[]> => {
  const { results } = await client.inWorkspace().uploadFiles(input.files ?? [], { writeMode: 'OVERWRITE' });
  const [first] = results;
  const status: 'finished' | 'failed' | 'skipped' | 'pending' | undefined = first?.status;
  for await (const files of client.listFiles('w', { filter: 'a eq 1' })) files.map((file): string => file.file_id);
  console.log(status, UploadInterrupted);
  return results;
};
export const large = async (): Promise<bigint | null> => {
  const meta: MetadataInput = { id: 2n ** 60n, at: new Date(), exact: new ExactNumber('1.0'), none: undefined };
  await client.uploadFiles('w', [{ name: 'a', body: 'b', meta: { ...meta, tags: ['c'] } }]);
  const read: Metadata = await client.files.metadata('w', 'f', { exactNumbers: true });
  await client.updateMetadata('w', { f: read, g: { ...read, other: null } });
  const id: MetadataValue | undefined = (await client.files.list('w')).data[0]?.meta.id;
  return typeof id === 'bigint' ? id : null;
};
// @ts-expect-error: JSON has no form for a Map
client.updateMetadata('w', { f: { tags: new Map() } });
// @ts-expect-error: nor for a function
client.uploadFiles('w', [{ name: 'a', body: 'b', meta: { of: () => 1 } }]);
// @ts-expect-error: there is no such write mode
client.uploadFiles('w', [], { writeMode: 'REPLACE' });
// @ts-expect-error: nothing on disk in a browser
client.uploadDirectory('w', '.');
`;

const NODE = `
import { createReadStream } from 'node:fs';
import { createClientFromEnvironment, scanDirectory, type Download } from '@sluice/client/node';
const workspace = createClientFromEnvironment({ retry: { attempts: 2 } }).inWorkspace();
export const save = async (): Promise<Download> => {
  await workspace.uploadFiles([{ name: 'a', body: createReadStream('a') }, 'b.txt']);
  await workspace.uploadDirectory('documents', { fileTypes: ['.md'], names: 'base' });
  const found: { path: string }[] = await scanDirectory('documents');
  const { session_id } = await workspace.uploadSessions.create({ write_mode: 'FAIL' });
  const { total_files } = await workspace.getUploadSession(session_id);
  const count: number = total_files + found.length;
  return workspace.downloadFiles('target', { existing: count > 1 ? 'skip' : 'number' });
};
// @ts-expect-error: the folder is missing
workspace.downloadFiles();
`;

test('the types hold in a page, with nothing else installed', () => {
  assert.equal(check('web.ts', WEB, { lib: ['es2022', 'dom', 'dom.iterable'], types: [] }), '');
});

test('the types hold in Node', () => {
  const target = join(project, 'node_modules', '@types', 'node');
  mkdirSync(dirname(target), { recursive: true });
  cpSync(join(PACKAGES, '@types', 'node'), target, { recursive: true });
  cpSync(join(PACKAGES, 'undici-types'), join(project, 'node_modules', 'undici-types'), { recursive: true });
  assert.equal(check('node.ts', NODE, { lib: ['es2023', 'esnext.disposable'], types: ['node'] }), '');
});

test('a wrong use is found: the check can fail', () => {
  const wrong = `import { createClient } from '@sluice/client';\ncreateClient({ baseUrl: 1 });\n`;
  assert.match(check('wrong.ts', wrong, { lib: ['es2022', 'dom'], types: [] }), /error TS/);
});

test('what is written out of the contract is what the contract says', () => {
  const types = readFileSync(join(project, 'node_modules/@sluice/client/types/contract.d.ts'), 'utf8');
  const names = [...types.matchAll(/^export type (\w+)/gm)].map(([, name]) => name as string);
  assert.ok(names.length > 20);
  const folder = join(import.meta.dirname, '.installed', 'contract-types');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'published.ts'), types);
  writeFileSync(
    join(folder, 'compared.ts'),
    [
      `import type * as contract from '@sluice/contract';`,
      `import type * as published from './published.ts';`,
      'const same = <A, B>(_: [A] extends [B] ? ([B] extends [A] ? true : false) : false): void => {};',
      ...names.map((name) => `same<contract.${name}, published.${name}>(true);`),
    ].join('\n'),
  );
  const extended = { extends: join(ROOT, 'tsconfig.json'), include: ['*.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(extended));
  const tsc = join(PACKAGES, 'typescript', 'bin', 'tsc');
  assert.equal(spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' }).stdout, '');
});
