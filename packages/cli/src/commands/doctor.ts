import { ApiError, ConnectionError } from '@sluice/client/node';
import { defineCommand } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { failureOf } from '../failure.ts';
import { whoAmI } from '../who-am-i.ts';
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
      output.table({ check, ok, message } satisfies Check, [
        [(ok ? 'ok' : 'FAILED').padEnd(6), check.padEnd(9), message],
      ]);
    const failed = (check: Check['check'], error: unknown): ExitCode => {
      const { sentence, exitCode } = failureOf(
        check === 'server' ? asOfAddress(error) : error,
        signal.aborted,
      );
      tell(check, false, sentence);
      return exitCode;
    };

    const me = await whoAmI(client, signal).catch((error: unknown) => error as Error);
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
    tell('key', true, `it belongs to ${me.name} of ${me.organization} ${fromWhere(from.apiKey ?? '')}`);
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

const WORDS: Record<number, string> = {
  404: 'Something answers there that has no such API',
  407: 'A proxy on the way wants a login of its own',
  502: 'A proxy answers there that does not reach the service',
  504: 'A proxy answers there that does not reach the service',
};

/** What an answer that is not the service's says of the address. */
const asOfAddress = (error: unknown): unknown => {
  if (!(error instanceof ApiError)) return error;
  const { status, code } = error;
  const words = code === 'NOT_THE_API' ? error.detail : WORDS[status];
  if (words === undefined) return error;
  const address =
    status === 404 || code === 'NOT_THE_API'
      ? '; is it the address of the service, with the path it is under?'
      : '';
  return new ApiError({ status, detail: `${words}${address}` });
};

const KEY_REFUSED = new Set([401, 403]);
