import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { type RunningServer, startServer } from '../official-sdk/server-process.ts';

/** A server of this tree on an empty folder, until the tests of the calling file have run. */
export const startSluice = async (): Promise<RunningServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-client-package-'));
  const server = await startServer(join(folder, 'data'), { SLUICE_BUCKET: 'sluice-user-files-upload' });
  after(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return server;
};
