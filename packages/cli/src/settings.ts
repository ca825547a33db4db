import { UsageError } from './usage-error.ts';

export type Settings = {
  apiUrl: string;
  /** Absent where none was given: not every command needs one. */
  apiKey: string | undefined;
  workspaceName: string;
};

export type GivenSettings = { apiUrl?: string; apiKey?: string; workspaceName?: string };

/** A server on this machine, as `npm start` starts it. */
export const DEFAULT_API_URL = 'http://127.0.0.1:8000';
export const DEFAULT_WORKSPACE = 'default';

/**
 * What was typed wins over the environment, which has the names the official SDK uses; an empty variable is as none.
 * @throws UsageError without ever showing a value: keys end up in the wrong variable
 */
export const readSettings = (given: GivenSettings, env: Record<string, string | undefined>): Settings => ({
  apiUrl: apiUrlOf(given.apiUrl ?? (env.API_URL?.trim() || DEFAULT_API_URL)),
  apiKey: apiKeyOf(given.apiKey ?? env.API_KEY),
  workspaceName: given.workspaceName ?? (env.DEFAULT_WORKSPACE_NAME?.trim() || DEFAULT_WORKSPACE),
});

const apiUrlOf = (text: string): string => {
  const url = URL.parse(text);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new UsageError('The API URL (--api-url, API_URL) must start with http:// or https://.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError('The API URL (--api-url, API_URL) must not hold a user name or a password.');
  }
  return text;
};

/** Only what a header can carry: `fetch` would refuse the rest with a message that shows it. */
const apiKeyOf = (text: string | undefined): string | undefined => {
  const key = text?.trim() || undefined;
  if (key !== undefined && !/^[\x21-\x7e]+$/.test(key)) {
    throw new UsageError('The API key (--api-key, API_KEY) holds blanks or characters that no key has.');
  }
  return key;
};
