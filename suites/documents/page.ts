import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../testing/services/service.ts';
import { makeClone } from './clone.ts';
import { createIds, type Ids } from './ids.ts';
import { type Block, blocksOf } from './markdown.ts';
import { PAGES, type PageSetting } from './pages.ts';
import type { ProductionServices } from './production-services.ts';
import { environment, openShell, type Ran, type Shell } from './shell.ts';

/** A document while its blocks run, one after the other, in a clone of its own. */
export type Page = {
  blocks: readonly Block[];
  clone: string;
  scratch: string;
  setting: PageSetting;
  /** The text of a block with the addresses, folders and ids of this run in place of those of the page. */
  here(text: string): string;
  /** What stands for an id of the page from now on; see ids.ts. */
  learn: Ids['learn'];
  run: Shell['run'];
  /** What was printed last, until a block has compared it. */
  printed?: string | undefined;
  close: Shell['close'];
};

export type Surroundings = {
  /** Folder of the page, which exists and is empty. */
  folder: string;
  /** Folders of programs, before those of the machine. */
  path: readonly string[];
  services: () => Promise<ProductionServices>;
};

export const openPage = async (document: string, { folder, path, services }: Surroundings): Promise<Page> => {
  const setting = PAGES[document] ?? {};
  const [clone, scratch, home] = ['clone', 'scratch', 'home'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const name of [clone, home, join(scratch, 'var', 'lib')]) mkdirSync(name, { recursive: true });
  makeClone(clone);
  const port = await freePort();
  const server = `127.0.0.1:${port}`;
  const places: [string, string][] = [
    ['127.0.0.1:8000', server],
    ['/var/lib/sluice', join(scratch, 'var/lib/sluice')],
    ['/etc/sluice', join(scratch, 'etc/sluice')],
    ['/etc/systemd', join(scratch, 'etc/systemd')],
    ['/opt/sluice', join(scratch, 'opt/sluice')],
    ['/home/ada', home],
  ];
  const env = {
    ...environment(home, scratch, [join(clone, 'node_modules', '.bin'), ...path]),
    SUITE: import.meta.dirname,
    CLONE: clone,
    SERVER: server,
    SLUICE_PORT: String(port),
  };
  if (setting.production) {
    const production = await (await services()).settingsFor(document);
    writeFileSync(join(clone, 'sluice.env'), production.text);
    places.push(...production.places);
  }
  const ids = createIds();
  const shell = openShell(clone, env, join(import.meta.dirname, 'variations.sh'));
  const page: Page = {
    blocks: blocksOf(document),
    clone,
    scratch,
    setting,
    run: shell.run,
    close: shell.close,
    learn: ids.learn,
    here: (text) => {
      let changed = text;
      for (const [of, is] of places) changed = changed.replaceAll(of, is);
      return ids.here(changed);
    },
  };
  if (setting.before) {
    const done = await shell.run(setting.before, true).catch((error: unknown) => error as Error);
    if (done instanceof Error || done.status !== 0) {
      await shell.close();
      throw new Error(`${document} cannot begin: ${told(done)}`);
    }
  }
  return page;
};

const told = (done: Ran | Error): string => (done instanceof Error ? done.message : done.output);
