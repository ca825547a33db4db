import { createClient } from '@sluice/client/node';
import { CommanderError } from 'commander';
import type { Call } from './command-line/command.ts';
import type { Options } from './command-line/option.ts';
import { createProgram } from './command-line/program.ts';
import { COMMANDS } from './command-list.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { failureOf } from './failure.ts';
import { createOutput, type Output } from './output/output.ts';
import { readSettings, type SettingValues } from './settings/settings.ts';
import { settingSources } from './settings/sources.ts';
import type { Surroundings } from './surroundings.ts';
import { UsageError, usageErrorOf } from './usage-error.ts';

const HELP_COLUMNS = 110;

/** Runs one command line to its end. Never rejects: whatever happens is said, and is in the exit code. */
export const runCli = async (surroundings: Surroundings): Promise<ExitCode> => {
  const { args, env, stdout, stderr, signal, version } = surroundings;
  let output = createOutput({ stdout, stderr });
  let exitCode: ExitCode = EXIT.finished;
  const program = createProgram({
    ...{ commands: COMMANDS, version, width: Math.min(stdout.columns || HELP_COLUMNS, HELP_COLUMNS) },
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => stderr.write(text),
    run: async (command, operands, options) => {
      output = createOutput({ stdout, stderr, colour: !env.NO_COLOR, ...options });
      exitCode = await command.run(await callOf({ operands, options, output, surroundings }));
    },
  });
  signal.addEventListener('abort', () => output.hint('Ending; Ctrl-C again stops at once.'), { once: true });
  try {
    await program.parseAsync(args[0] === 'help' ? [...args.slice(1), '--help'] : args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && SHOWN.has(error.code)) return EXIT.finished;
    if (error instanceof CommanderError && error.code === 'commander.help') return EXIT.usage;
    const failure = failureOf(error instanceof CommanderError ? usageErrorOf(error) : error, signal.aborted);
    output.error(failure.sentence);
    return failure.exitCode;
  }
};

/** Thrown after what was asked for has been shown. */
const SHOWN = new Set(['commander.helpDisplayed', 'commander.version']);

const callOf = async (given: {
  operands: readonly string[];
  options: Record<string, unknown>;
  output: Output;
  surroundings: Surroundings;
}): Promise<Call<Options>> => {
  const { operands, options, output, surroundings } = given;
  if (operands.includes('')) throw new UsageError('An empty name was given.');
  const settings = readSettings(await settingSources(options as SettingValues, surroundings));
  const { apiUrl, apiKey, workspaceName } = settings;
  return {
    ...{ operands, options: options as Call<Options>['options'], output, surroundings },
    ...{ settings, workspaceName, signal: surroundings.signal },
    connect: ({ attempts = 3, withoutKey = false } = {}) => {
      if (apiKey === undefined && !withoutKey) {
        throw new UsageError(`There is no API key for ${apiUrl}: \`sluice login\`, or set API_KEY.`);
      }
      return createClient({ baseUrl: apiUrl, apiKey: apiKey ?? '', retry: { attempts } });
    },
  };
};
