import { ApiError, type Client } from '@sluice/client/node';
import { files } from './output/amounts.ts';

/** What a workspace holds, or, to a key that may not read files, that it is there. */
export const describeWorkspace = async (
  client: Client,
  name: string,
  signal: AbortSignal,
): Promise<string> => {
  try {
    const { file_count } = await client.workspaces.stats(name, { signal });
    return `holds ${files(file_count)}`;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 403) throw error;
    await client.workspaces.get(name, { signal });
    return 'is there; the key may not see what it holds';
  }
};
