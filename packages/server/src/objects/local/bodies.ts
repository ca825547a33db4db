import { randomBytes } from 'node:crypto';
import { open, opendir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type BodyFile, type BodyFileEvents, createBodyFile } from './body-file.ts';
import type { Folders } from './folders.ts';

export type Bodies = Awaited<ReturnType<typeof openBodies>>;

/**
 * The large bodies: files that rows refer to by name. Opening removes those whose row a crash kept from being written,
 * so nothing may be taken in before.
 */
export const openBodies = async ({ bodies, incoming }: Folders, refersTo: (name: string) => boolean) => {
  const pathOf = (name: string): string => join(bodies, name);
  for await (const entry of await opendir(bodies)) {
    if (entry.isFile() && !refersTo(entry.name)) await unlink(pathOf(entry.name));
  }
  const folder = await open(bodies);
  const removing = new Set<Promise<void>>();

  /** Nothing refers to it any more. One that cannot be removed is found at the next start. */
  const remove = (name: string): void => {
    const done = unlink(pathOf(name)).catch(() => {});
    removing.add(done);
    done.finally(() => removing.delete(done));
  };

  return {
    pathOf,
    remove,
    start: (events: BodyFileEvents): { name: string; file: BodyFile } => {
      const name = randomBytes(16).toString('hex');
      const paths = { temporary: join(incoming, name), final: pathOf(name) };
      return { name, file: createBodyFile(paths, folder, events) };
    },
    close: async (): Promise<void> => {
      await Promise.all(removing);
      await folder.close();
    },
  };
};
