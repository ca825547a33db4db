import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Surroundings } from '../surroundings.ts';
import { syncFolder } from '../sync-folder.ts';
import type { SettingValues } from './settings.ts';

export type Login = { apiUrl: string; apiKey: string; workspaceName: string };

type Place = Pick<Surroundings, 'env' | 'home'>;

/** Below the folder that the XDG Base Directory Specification names; a relative one is to be ignored. */
export const loginPath = ({ env, home }: Place): string => {
  const named = env.XDG_CONFIG_HOME;
  return join(named?.startsWith('/') ? named : join(home, '.config'), 'sluice', 'login.json');
};

/** Nothing where there is none, or none that can be read. */
export const readLogin = async (place: Place): Promise<SettingValues> => {
  const text = await readFile(loginPath(place), 'utf8').catch(() => '{}');
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    return {};
  }
  const field = (name: string): string | undefined => {
    const value = (stored as Record<string, unknown> | null)?.[name];
    return typeof value === 'string' ? value : undefined;
  };
  return { apiUrl: field('api_url'), apiKey: field('api_key'), workspaceName: field('workspace_name') };
};

/** Puts it in place of the one before, as a whole, where nobody else can read it. */
export const writeLogin = async (place: Place, login: Login): Promise<string> => {
  const path = loginPath(place);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await chmod(dirname(path), 0o700); // it may have been there
  const fresh = `${path}.new`;
  await rm(fresh, { force: true }); // of a run that was killed; opening it would keep its mode
  const file = await open(fresh, 'wx', 0o600);
  try {
    const { apiUrl: api_url, apiKey: api_key, workspaceName: workspace_name } = login;
    await file.writeFile(`${JSON.stringify({ api_url, api_key, workspace_name }, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(fresh, path);
  await syncFolder(dirname(path));
  return path;
};

/** @returns whether there was one */
export const removeLogin = async (place: Place): Promise<boolean> => {
  try {
    await rm(loginPath(place));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
};
