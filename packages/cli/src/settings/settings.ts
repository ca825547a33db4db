import { UsageError } from '../usage-error.ts';

/** What one place says; empty texts count as absent. */
export type SettingValues = {
  apiUrl?: string | undefined;
  apiKey?: string | undefined;
  workspaceName?: string | undefined;
};

export type SettingSource = SettingValues & {
  /** As it is called to people: `the environment`, `the login`. */
  name: string;
  /**
   * The values belong together: they are used for the address they were stored with, and for no other. Otherwise an
   * address that comes from elsewhere, such as a .env in a folder somebody else made, would be sent a stored key.
   */
  bound?: true;
  /** Somebody else may have written it: its address gets no key but its own, and one that is bound to that address. */
  foreign?: true;
};

export type Settings = {
  apiUrl: string;
  /** Absent where there is none: not every command needs one. */
  apiKey: string | undefined;
  workspaceName: string;
  /** Where each comes from. */
  from: { apiUrl: string; apiKey: string | null; workspaceName: string };
};

/** A server on this machine, as `npm start` starts it. */
export const DEFAULT_API_URL = 'http://127.0.0.1:8000';
export const DEFAULT_WORKSPACE = 'default';

/**
 * The settings, of each the first that a source has.
 * @throws UsageError without ever showing a value: keys end up in the wrong variable
 */
export const readSettings = (sources: readonly SettingSource[]): Settings => {
  const url = firstOf(sources, 'apiUrl') ?? { source: DEFAULTS, value: DEFAULT_API_URL };
  const apiUrl = checkApiUrl(url.value);
  const fitting = sources.filter(({ bound, apiUrl: own }) => !bound || sameAddress(own, apiUrl));
  const key = firstOf(fitting, 'apiKey');
  const workspace = firstOf(fitting, 'workspaceName') ?? { source: DEFAULTS, value: DEFAULT_WORKSPACE };
  if (key && url.source.foreign && key.source !== url.source && !key.source.bound) {
    throw foreignAddress(url.source.name, key.source.name);
  }
  return {
    apiUrl,
    apiKey: key === undefined ? undefined : checkApiKey(key.value),
    workspaceName: workspace.value,
    from: {
      apiUrl: url.source.name,
      apiKey: key?.source.name ?? null,
      workspaceName: workspace.source.name,
    },
  };
};

const DEFAULTS: SettingSource = { name: 'the defaults' };

/** What to say where a key would go to an address that came with a folder. */
export const foreignAddress = (addressFrom: string, keyFrom: string): UsageError =>
  new UsageError(
    `The API URL comes from ${addressFrom}, the API key from ${keyFrom}: if that address is to have the key, give it with ` +
      '--api-url, or as API_URL in the environment.',
  );

const firstOf = (sources: readonly SettingSource[], setting: keyof SettingValues) => {
  for (const source of sources) {
    const value = source[setting]?.trim();
    if (value) return { source, value };
  }
  return undefined;
};

const sameAddress = (one: string | undefined, other: string): boolean =>
  one !== undefined && apiRootOf(one) === apiRootOf(other);

const apiRootOf = (url: string): string =>
  (URL.parse(url)?.href ?? url).replace(/\/+$/, '').replace(/\/api\/v1$/, '');

/** @throws UsageError */
export const checkApiUrl = (text: string): string => {
  const url = URL.parse(text);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new UsageError('The API URL (--api-url, API_URL) must start with http:// or https://.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError('The API URL (--api-url, API_URL) must not hold a user name or a password.');
  }
  return text;
};

/** Only what a header can carry: `fetch` would refuse the rest with a message that shows it. @throws UsageError */
export const checkApiKey = (text: string): string => {
  if (!/^[\x21-\x7e]+$/.test(text)) {
    throw new UsageError('The API key (--api-key, API_KEY) holds blanks or characters that no key has.');
  }
  return text;
};
