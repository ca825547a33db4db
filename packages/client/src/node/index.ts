import { ArgumentError } from '../argument-error.ts';
import {
  type Client,
  type ClientOptions,
  checkedRetry,
  createClient as createAnyClient,
  STALL_TIMEOUT_MS,
  type WorkspaceClient,
  workspaceOf,
} from '../create-client.ts';
import { type InWorkspace, inWorkspace } from '../resources/in-workspace.ts';
import { createConnections, ofThisProcess } from './connections.ts';
import { createDownloadFiles, type DownloadFiles } from './download/download-files.ts';
import { type Environment, optionsFromEnvironment } from './environment.ts';
import { nodeFetch } from './node-fetch.ts';
import { nodePlatform } from './node-platform.ts';
import { proxyOf } from './proxy.ts';
import { createUploadDirectory, type UploadDirectory } from './upload-directory.ts';

export * from '../index.ts';
export type { Download, DownloadFiles, DownloadOptions, DownloadResult } from './download/download-files.ts';
export { type Environment, optionsFromEnvironment } from './environment.ts';
export { absolutePath, fsPath, pathText, readPath, writtenPath } from './local-path.ts';
export { type FoundFile, type ScanOptions, scanDirectory } from './scan-directory.ts';
export type { DirectoryOptions, UploadDirectory } from './upload-directory.ts';

/** What only Node can do: folders. */
export type FolderMethods = {
  uploadDirectory: UploadDirectory;
  downloadFiles: DownloadFiles;
};

export type NodeWorkspaceClient = WorkspaceClient & InWorkspace<FolderMethods>;

export type NodeClient = Omit<Client, 'inWorkspace'> &
  FolderMethods & {
    /**
     * Everything that is about one workspace, without its name.
     * @param workspaceName the one the client was made with, where absent; a TypeError where there is none either
     */
    inWorkspace: (...given: [workspaceName?: string]) => NodeWorkspaceClient;
  };

export type NodeClientOptions = ClientOptions & {
  /**
   * Variables that name proxies: `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`, in small letters as well. `{}`:
   * none. Where absent, those of the process if Node was told to heed them (`NODE_USE_ENV_PROXY=1`, `--use-env-proxy`).
   */
  proxies?: Environment;
};

/**
 * As `createClient` of `@sluice/client`; it also reads paths, sends forms without holding files in memory, and goes
 * through proxies, with the API and with files alike.
 */
export const createClient = (options: NodeClientOptions): NodeClient => {
  const { proxies } = options;
  if (proxies !== undefined) needProxies(proxies);
  const variables = proxies === undefined ? ofThisProcess : () => proxies;
  if (URL.canParse(options.baseUrl)) proxyOf(new URL(options.baseUrl), variables()); // what cannot be meant is said at once
  const client = createAnyClient({
    fetch: nodeFetch(createConnections(variables)),
    platform: nodePlatform(variables),
    ...options,
  });
  const folderMethods: FolderMethods = {
    uploadDirectory: createUploadDirectory(client.uploadFiles),
    downloadFiles: createDownloadFiles({
      files: client.files,
      listFiles: client.listFiles,
      retry: checkedRetry(options.retry),
      stallTimeoutMs: options.stallTimeoutMs ?? STALL_TIMEOUT_MS,
    }),
  };
  return {
    ...client,
    ...folderMethods,
    inWorkspace: (...given) => {
      const workspaceName = workspaceOf(given, options);
      return { ...client.inWorkspace(workspaceName), ...inWorkspace(folderMethods, workspaceName) };
    },
  };
};

/** An address in place of the variables would name no proxy, and all would go past it. */
const needProxies = (proxies: Environment): void => {
  if (typeof proxies === 'object' && proxies !== null && !Array.isArray(proxies) && !(proxies instanceof URL))
    return;
  throw new ArgumentError('The proxies must be an object such as { HTTPS_PROXY: address }.');
};

/**
 * A client of the server and with the key that `API_URL` and `API_KEY` name, as the official SDK reads them;
 * `DEFAULT_WORKSPACE_NAME`, or else `default`, is the workspace that `inWorkspace()` takes.
 * @param given wins over the environment
 * @throws TypeError naming the variables that are missing
 */
export const createClientFromEnvironment = (
  given: Partial<NodeClientOptions> = {},
  environment?: Environment,
): NodeClient => createClient(optionsFromEnvironment(given, environment));
