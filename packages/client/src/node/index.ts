import { type Client, type ClientOptions, createClient as createAnyClient } from '../create-client.ts';
import { nodePlatform } from './node-platform.ts';
import { createUploadDirectory, type UploadDirectory } from './upload-directory.ts';

export * from '../index.ts';
export type { DirectoryOptions, UploadDirectory } from './upload-directory.ts';

export type NodeClient = Client & { uploadDirectory: UploadDirectory };

/** As `createClient` of `@sluice/client`; it also reads paths, and sends forms without holding files in memory. */
export const createClient = (options: ClientOptions): NodeClient => {
  const client = createAnyClient({ platform: nodePlatform, ...options });
  return { ...client, uploadDirectory: createUploadDirectory(client.uploadFiles) };
};
