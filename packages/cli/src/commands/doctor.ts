import { ApiError, ConnectionError } from '@sluice/client/node';
import { defineCommand } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { failureOf } from '../failure.ts';
import { describeWorkspace } from '../workspace-check.ts';

type Check = { check: 'server' | 'key' | 'workspace'; ok: boolean; message: string };

export const doctor = defineCommand({
  words: 'doctor',
  operands: '',
  summary: 'Check that the server answers, the key is valid and the workspace is there',
  options: {},
  examples: ['doctor', 'doctor --api-url https://files.example.org --workspace-name minutes'],
  run: async ({ connect, settings, workspaceName, output, signal }) => {
    const { apiUrl, apiKey, from } = settings;
    const client = connect({ attempts: 1, withoutKey: true });
    const tell = (check: Check['check'], ok: boolean, message: string) =>
      output.result(
        { check, ok, message } satisfies Check,
        `${(ok ? 'ok' : 'FAILED').padEnd(6)}  ${check.padEnd(9)}  ${message}`,
      );
    const failed = (check: Check['check'], error: unknown): ExitCode => {
      const { sentence, exitCode } = failureOf(error, signal.aborted);
      tell(check, false, sentence);
      return exitCode;
    };

    const me = await client.users.me({ signal }).catch((error: unknown) => error as Error);
    if (me instanceof Error) {
      if (!(me instanceof ApiError) || !KEY_REFUSED.has(me.status)) {
        if (!(me instanceof ApiError) && !(me instanceof ConnectionError)) throw me;
        return failed('server', me);
      }
      tell('server', true, `${apiUrl} answers ${fromWhere(from.apiUrl)}`);
      if (apiKey !== undefined) return failed('key', me);
      tell('key', false, 'There is none for it: `sluice login`, or set API_KEY.');
      return EXIT.usage;
    }
    tell('server', true, `${apiUrl} answers ${fromWhere(from.apiUrl)}`);
    const name = `${me.given_name} ${me.family_name}`.trim() || me.email;
    tell('key', true, `it belongs to ${name} of ${me.organization.name} ${fromWhere(from.apiKey ?? '')}`);
    try {
      const state = await describeWorkspace(client, workspaceName, signal);
      tell('workspace', true, `${workspaceName} ${state} ${fromWhere(from.workspaceName)}`);
    } catch (error) {
      return failed('workspace', error);
    }
    return EXIT.finished;
  },
});

/** Where a setting comes from: the usual trouble is that it is not where one thinks. */
const fromWhere = (source: string): string => `(from ${source})`;

const KEY_REFUSED = new Set([401, 403]);
