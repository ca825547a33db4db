import { ApiError, ConnectionError } from '@sluice/client/node';
import { defineCommand, WORKSPACE_OPTION } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { failureOf } from '../failure.ts';
import { files } from '../output/amounts.ts';

type Check = { check: 'server' | 'key' | 'workspace'; ok: boolean; message: string };

export const doctor = defineCommand({
  words: 'doctor',
  operands: '',
  summary: 'Check that the server answers, the key is valid and the workspace is there',
  options: WORKSPACE_OPTION,
  examples: ['doctor', 'doctor --api-url https://files.example.org --workspace-name minutes'],
  run: async ({ connect, apiUrl, hasKey, workspaceName, output, signal }) => {
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
      tell('server', true, `${apiUrl} answers`);
      if (hasKey) return failed('key', me);
      tell('key', false, 'There is none: set API_KEY, or give --api-key.');
      return EXIT.usage;
    }
    tell('server', true, `${apiUrl} answers`);
    const name = `${me.given_name} ${me.family_name}`.trim() || me.email;
    tell('key', true, `it belongs to ${name} of ${me.organization.name}`);
    try {
      const { file_count } = await client.workspaces.stats(workspaceName, { signal });
      tell('workspace', true, `${workspaceName} holds ${files(file_count)}`);
    } catch (error) {
      return failed('workspace', error);
    }
    return EXIT.finished;
  },
});

const KEY_REFUSED = new Set([401, 403]);
