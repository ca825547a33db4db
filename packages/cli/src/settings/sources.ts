import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Surroundings } from '../surroundings.ts';
import type { SettingSource, SettingValues } from './settings.ts';
import { readLogin } from './stored-login.ts';

/** As it is called to people. */
export const FOLDER_FILE = '.env in this folder';

/** Where the official command line keeps its login. */
const OFFICIAL_FILE = ['.deepset-cloud', '.env'];
const OFFICIAL_API_URL = 'https://api.cloud.deepset.ai/api/v1';

/** Where settings come from, the first that has one wins: the order of the official SDK, our own login put in. */
export const settingSources = async (
  given: SettingValues,
  surroundings: Pick<Surroundings, 'env' | 'cwd' | 'home'>,
): Promise<SettingSource[]> => {
  const { env, cwd, home } = surroundings;
  const [folder, login, official] = await Promise.all([
    readEnvFile(join(cwd, '.env')),
    readLogin(surroundings),
    readEnvFile(join(home, ...OFFICIAL_FILE)),
  ]);
  return [
    { name: 'the options', ...given },
    { name: 'the environment', ...settingValues(env) },
    { name: FOLDER_FILE, foreign: true, ...folder },
    { name: 'the login', bound: true, ...login },
    {
      name: `~/${OFFICIAL_FILE.join('/')}`,
      bound: true,
      ...official,
      ...(official.apiKey && { apiUrl: official.apiUrl ?? OFFICIAL_API_URL }),
    },
  ];
};

/** The names the official SDK uses. */
const settingValues = (env: Surroundings['env']): SettingValues => ({
  apiUrl: env.API_URL,
  apiKey: env.API_KEY,
  workspaceName: env.DEFAULT_WORKSPACE_NAME,
});

/** What is no file that can be read says nothing: `.env` is also the name of a folder, for some. */
const readEnvFile = async (path: string): Promise<SettingValues> => {
  const text = await readFile(path, 'utf8').catch(() => '');
  return settingValues(parseEnv(text) as Surroundings['env']);
};
