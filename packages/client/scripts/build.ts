/**
 * Makes the package that is published, in `dist` or the folder that is given, which is emptied first: JavaScript for
 * Node 20.3 and browsers of March 2024 and later (`AbortSignal.any`), types, source
 * maps, no dependency. What is used of the contract is compiled in. `npm pack ./packages/client/dist` packs it.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import process from 'node:process';
import * as contract from '@sluice/contract';
import { build, type Metafile, type Plugin } from 'esbuild';
import { contractTypes } from './contract-types.ts';

const PACKAGE = join(import.meta.dirname, '..');
const ROOT = join(PACKAGE, '..', '..');
const CONTRACT = join(PACKAGE, '..', 'contract', 'src');
const DIST = resolve(process.argv[2] ?? join(PACKAGE, 'dist'));

/** The functions of the contract are wanted, its schemas are not: nothing of it happens on import. */
const onlyWhatIsUsed: Plugin = {
  name: 'only what is used of the contract',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^@sluice\/contract(\/plain)?$/ }, ({ path }) => ({
      path: join(CONTRACT, path.endsWith('/plain') ? 'plain.ts' : 'index.ts'),
      sideEffects: false,
    }));
    onResolve({ filter: /^\.\/.*\.ts$/ }, ({ path, importer }) =>
      importer.startsWith(CONTRACT) ? { path: join(dirname(importer), path), sideEffects: false } : null,
    );
  },
};

const buildJavaScript = async (): Promise<void> => {
  const { metafile } = await build({
    entryPoints: { index: join(PACKAGE, 'src/index.ts'), node: join(PACKAGE, 'src/node/index.ts') },
    outdir: DIST,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: ['es2022', 'node20.3'],
    sourcemap: true,
    sourcesContent: true,
    external: ['node:*'],
    chunkNames: 'shared-[hash]',
    metafile: true,
    logLevel: 'warning',
    plugins: [onlyWhatIsUsed],
  });
  refuseForeignCode(metafile);
};

const refuseForeignCode = ({ inputs, outputs }: Metafile): void => {
  const foreign = Object.values(outputs)
    .flatMap((output) => Object.entries(output.inputs))
    .filter(([path, { bytesInOutput }]) => bytesInOutput > 0 && path.includes('node_modules'))
    .map(([path]) => path);
  if (foreign.length > 0)
    throw new Error(`What is published would hold other packages: ${foreign.join(', ')}`);
  const web = Object.entries(outputs).find(([path]) => path.endsWith('/index.js'))?.[1];
  const fromNode = web?.imports.filter(({ path }) => path.startsWith('node:')) ?? [];
  if (fromNode.length > 0) throw new Error('The entry for browsers would need Node');
  if (Object.keys(inputs).length === 0) throw new Error('Nothing was built');
};

/** `import … from '…'` and the same with `export`: its beginning, the names in braces, and from where. */
const IMPORT = /^((?:import|export) (?:type )?(?:\*|\{([^}]*)\})) from ['"]([^'"]+)['"]/gm;

const buildTypes = (): void => {
  const scratch = mkdtempSync(join(DIST, '.types-'));
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const settings = {
    extends: join(ROOT, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      typeRoots: [join(ROOT, 'node_modules', '@types')],
      declaration: true,
      declarationMap: false,
      emitDeclarationOnly: true,
      rootDir: join(PACKAGE, '..'),
      outDir: join(scratch, 'out'),
    },
    include: [join(PACKAGE, 'src')],
  };
  writeFileSync(join(scratch, 'tsconfig.json'), JSON.stringify(settings));
  const { status } = spawnSync(process.execPath, [compiler, '-p', scratch], { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('The types could not be made');

  const made = join(scratch, 'out', 'client', 'src');
  const wanted = new Set<string>();
  const reached = new Set(['index.d.ts', 'node/index.d.ts']);
  for (const file of reached) {
    const target = join(DIST, 'types', file);
    const up = relative(dirname(file), 'contract.js');
    const text = readFileSync(join(made, file), 'utf8').replace(
      IMPORT,
      (_, start: string, names: string, specifier: string) => {
        if (/^@sluice\/contract(\/plain)?$/.test(specifier)) {
          for (const name of names.split(',')) wanted.add(name.replace(/^\s*type |\s+as\s.*/g, '').trim());
          return `${start} from '${up.startsWith('.') ? up : `./${up}`}'`;
        }
        if (!specifier.startsWith('.')) throw new Error(`${file} would refer to ${specifier}`);
        reached.add(join(dirname(file), specifier.replace(/\.ts$/, '.d.ts')));
        return `${start} from '${specifier.replace(/\.ts$/, '.js')}'`;
      },
    );
    if (/\bimport\(|reference /.test(text)) throw new Error(`${file} would refer to another package`);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  wanted.delete('');
  rmSync(scratch, { recursive: true });
  const types = contractTypes(CONTRACT, contract, [...wanted].sort());
  writeFileSync(join(DIST, 'types', 'contract.d.ts'), types);
};

/** The package's own description, led to what was built. */
const writeDescription = (): void => {
  const {
    private: _,
    dependencies: __,
    exports: ___,
    ...kept
  } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as Record<string, unknown>;
  const described = {
    ...kept,
    sideEffects: false,
    engines: { node: '>=20.3' },
    exports: {
      '.': { types: './types/index.d.ts', default: './index.js' },
      './node': { types: './types/node/index.d.ts', default: './node.js' },
      './package.json': './package.json',
    },
  };
  writeFileSync(join(DIST, 'package.json'), `${JSON.stringify(described, null, 2)}\n`);
  cpSync(join(PACKAGE, 'README.md'), join(DIST, 'README.md'));
  cpSync(join(ROOT, 'LICENSE'), join(DIST, 'LICENSE'));
};

rmSync(DIST, { recursive: true, force: true });
mkdirSync(DIST, { recursive: true });
await buildJavaScript();
buildTypes();
writeDescription();
process.stdout.write(`${DIST}\n`);
