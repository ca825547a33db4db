import { readFile } from 'node:fs/promises';
import { createClient } from '@sluice/client';
import type { Actor, Address } from './actor.ts';
import { clientActor, given, inputsAt, uploadOptions } from './client-actor.ts';

/** Someone who has everything in memory, as bytes and as Blobs, and a client that knows no file system. */
export const memoryActor = (address: Address): Actor => {
  const client = createClient(address);
  return {
    ...clientActor(address),
    upload: async (workspace, paths, wishes = {}) => {
      const { recursive, fileTypes } = wishes;
      const onDisk = await inputsAt(paths, given({ recursive, fileTypes }));
      const inputs = await Promise.all(
        onDisk.map(async ({ name, body }, index) => {
          const bytes = new Uint8Array(await readFile(body.path));
          return { name, body: index % 2 === 0 ? bytes : new Blob([bytes]) };
        }),
      );
      return client.uploadFiles(workspace, inputs, uploadOptions(wishes));
    },
  };
};
