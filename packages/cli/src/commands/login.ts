import { createClient } from '@sluice/client/node';
import { type Call, defineCommand } from '../command-line/command.ts';
import type { Options } from '../command-line/option.ts';
import { EXIT } from '../exit-codes.ts';
import { checkApiKey, checkApiUrl, foreignAddress } from '../settings/settings.ts';
import { FOLDER_FILE } from '../settings/sources.ts';
import { type Login, loginPath, removeLogin, writeLogin } from '../settings/stored-login.ts';
import { askOnTerminal, firstLine } from '../terminal/ask.ts';
import { UsageError } from '../usage-error.ts';
import { whoAmI } from '../who-am-i.ts';
import { describeWorkspace } from '../workspace-check.ts';

export const login = defineCommand({
  words: 'login',
  operands: '',
  summary: 'Check an address, an API key and a workspace, and keep them for later',
  options: {},
  notes: [
    'What no option gives is asked for; the key is not shown. Without a terminal the key is the first line of ' +
      'standard input. It is kept in ~/.config/sluice/login.json (XDG_CONFIG_HOME), which only you can read, and sent ' +
      'to that address only.',
  ],
  examples: ['login', 'login --api-url https://files.example.org --workspace-name minutes < key-file'],
  run: async (call) => {
    const { output, signal, surroundings } = call;
    const given = await readLogin(call);
    const { apiUrl: baseUrl, apiKey } = given;
    const client = createClient({ baseUrl, apiKey, retry: { attempts: 2 }, proxies: surroundings.env });
    const { name, organization } = await whoAmI(client, signal);
    const state = await describeWorkspace(client, given.workspaceName, signal);
    const path = await writeLogin(surroundings, given);

    const { apiUrl: api_url, workspaceName: workspace_name } = given;
    output.result(
      { api_url, workspace_name, user: name, organization, stored_in: path },
      `Logged in to ${api_url} as ${name} of ${organization}.`,
      `Workspace ${workspace_name} ${state}. Kept in ${path}.`,
    );
    if (call.settings.from.apiKey === 'the environment') {
      output.say('API_KEY is set in the environment; as long as it is, it goes before what was kept.');
    }
    return EXIT.finished;
  },
});

const readLogin = async ({ options, settings, surroundings }: Call<Options>): Promise<Login> => {
  const { apiUrl, apiKey, workspaceName } = options as Partial<Login>;
  if (surroundings.stdin.isTTY !== true) {
    // At a terminal it is shown and asked for.
    if (settings.from.apiUrl === FOLDER_FILE) throw foreignAddress(FOLDER_FILE, 'standard input');
    const key = apiKey ?? (await firstLine(surroundings));
    if (key === '')
      throw new UsageError('There is no API key: give it on standard input, or with --api-key.');
    return { ...settings, apiKey: checkApiKey(key) };
  }
  const ask = askOnTerminal(surroundings);
  try {
    const orElse = async (question: string, usual: string) =>
      (await ask.text(`${question} [${usual}]: `)) || usual;
    const url = checkApiUrl(apiUrl ?? (await orElse('Address of the server', settings.apiUrl)));
    const key = checkApiKey(apiKey ?? (await ask.secret('API key (it is not shown): ')));
    const workspace = workspaceName ?? (await orElse('Workspace', settings.workspaceName));
    return { apiUrl: url, apiKey: key, workspaceName: workspace };
  } finally {
    ask.close();
  }
};

export const logout = defineCommand({
  words: 'logout',
  operands: '',
  summary: 'Forget what login keeps',
  options: {},
  notes: ['The key itself stays valid: `sluice tokens delete` ends it.'],
  examples: ['logout'],
  run: async ({ output, surroundings }) => {
    const path = loginPath(surroundings);
    const removed = await removeLogin(surroundings);
    output.result({ removed, path }, removed ? `${path} is gone.` : 'Nobody was logged in.');
    return EXIT.finished;
  },
});
