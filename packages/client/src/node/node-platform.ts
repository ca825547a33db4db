import type { Platform } from '../upload/sending/form-transport.ts';
import { createConnections } from './connections.ts';
import type { Environment } from './environment.ts';
import { openFile } from './file-content.ts';
import { httpTransport } from './http-transport.ts';

/** @param variables those that name proxies */
export const nodePlatform = (variables: () => Environment): Platform => ({
  createFormTransport: (connections) => httpTransport(createConnections(variables, connections)),
  openPath: openFile,
});
