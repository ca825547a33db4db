import process from 'node:process';
import type { ClientOptions } from '../create-client.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a service runs and who asks: the variables of the official SDK. */
const VARIABLES = { baseUrl: 'API_URL', apiKey: 'API_KEY' } as const;

/**
 * Options out of `API_URL`, `API_KEY` and `DEFAULT_WORKSPACE_NAME`, the names the official SDK uses. What is given wins,
 * an empty variable is as none, and the workspace is `default` where nothing else is said.
 * @throws TypeError naming every variable that is missing; no value is ever shown
 */
export const optionsFromEnvironment = (
  given: Partial<ClientOptions> = {},
  environment: Environment = process.env,
): ClientOptions & { workspaceName: string } => {
  const read = (name: string) => environment[name]?.trim() || undefined;
  const { baseUrl = read(VARIABLES.baseUrl), apiKey = read(VARIABLES.apiKey) } = given;
  if (baseUrl === undefined || apiKey === undefined) {
    const missing = [baseUrl === undefined && VARIABLES.baseUrl, apiKey === undefined && VARIABLES.apiKey];
    throw new TypeError(`Not set in the environment: ${missing.filter(Boolean).join(', ')}`);
  }
  const workspaceName = given.workspaceName ?? read('DEFAULT_WORKSPACE_NAME') ?? 'default';
  return { ...given, baseUrl, apiKey, workspaceName };
};
