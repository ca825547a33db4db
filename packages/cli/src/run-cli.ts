import { createClient } from '@sluice/client/node';
import type { Call, Command } from './command-line/command.ts';
import { findCommand } from './command-line/find-command.ts';
import { commandHelp, overview } from './command-line/help.ts';
import type { Options } from './command-line/option.ts';
import { parseArguments } from './command-line/parse-arguments.ts';
import { COMMANDS } from './command-list.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { failureOf } from './failure.ts';
import { createOutput, type Output } from './output/output.ts';
import type { Screen } from './output/progress-line.ts';
import { type GivenSettings, readSettings } from './settings.ts';
import { UsageError } from './usage-error.ts';

export type Surroundings = {
  args: readonly string[];
  env: Record<string, string | undefined>;
  stdout: Screen;
  stderr: Screen;
  signal: AbortSignal;
  version: string;
};

/** Runs one command line to its end. Never rejects: whatever happens is said, and is in the exit code. */
export const runCli = async (surroundings: Surroundings): Promise<ExitCode> => {
  const { args, env, stdout, stderr, signal, version } = surroundings;
  let output = createOutput({ stdout, stderr, json: false, quiet: false });
  try {
    if (args.length === 1 && args[0] === '--version') {
      output.result({}, version);
      return EXIT.finished;
    }
    const found = findCommand(COMMANDS, args[0] === 'help' ? [...args.slice(1), '--help'] : args);
    if ('group' in found) {
      if (found.unknown !== null) throw noSuchCommand(found.prefix, found.unknown);
      (found.help ? stdout : stderr).write(`${overview(found.group, found.prefix)}\n`);
      return found.help ? EXIT.finished : EXIT.usage;
    }
    const { command } = found;
    const { operands, options, help } = parseArguments(command, found.rest);
    if (help) {
      stdout.write(`${commandHelp(command)}\n`);
      return EXIT.finished;
    }
    output = createOutput({ stdout, stderr, json: options.json === true, quiet: options.quiet === true });
    return await command.run(callOf({ operands, options, env, output, signal }));
  } catch (error) {
    const { sentence, exitCode } = failureOf(error, signal.aborted);
    output.error(sentence);
    return exitCode;
  }
};

const callOf = (given: {
  operands: readonly string[];
  options: Record<string, unknown>;
  env: Surroundings['env'];
  output: Output;
  signal: AbortSignal;
}): Call<Options> => {
  const { operands, options, output, signal } = given;
  const { apiUrl, apiKey, workspaceName } = readSettings(options as GivenSettings, given.env);
  return {
    ...{ operands, options: options as Call<Options>['options'], output, signal },
    ...{ apiUrl, workspaceName, hasKey: apiKey !== undefined },
    connect: ({ attempts = 3, withoutKey = false } = {}) => {
      if (apiKey === undefined && !withoutKey) {
        throw new UsageError('There is no API key: set API_KEY, or give --api-key.');
      }
      return createClient({ baseUrl: apiUrl, apiKey: apiKey ?? '', retry: { attempts } });
    },
  };
};

/** A word that could be a key, typed in the wrong place, is not repeated. */
const noSuchCommand = (prefix: string, word: string): UsageError => {
  const shown = /^[a-z-]{1,20}$/.test(word) ? ` ${word}` : ' of that name';
  const known = COMMANDS.filter(
    ({ words }: Command) => `${words} `.startsWith(`${prefix} `) || prefix === '',
  );
  const names = new Set(known.map(({ words }) => words.slice(prefix.length).trim().split(' ')[0]));
  return new UsageError(
    `There is no command ${prefix === '' ? 'sluice' : `sluice ${prefix}`}${shown}; there are ${[...names].join(', ')}.`,
  );
};
