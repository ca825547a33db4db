import { createClient } from '@sluice/client/node';
import { CommanderError } from 'commander';
import { argumentError, checkOperands, type Given } from './command-line/argument-error.ts';
import type { Call } from './command-line/command.ts';
import type { Options } from './command-line/option.ts';
import { createProgram } from './command-line/program.ts';
import { COMMANDS } from './command-list.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { failureOf } from './failure.ts';
import { createOutput, type Output, ReaderGone } from './output/output.ts';
import { readSettings, type Settings, type SettingValues } from './settings/settings.ts';
import { settingSources } from './settings/sources.ts';
import type { Surroundings } from './surroundings.ts';
import { UsageError, usageErrorOf } from './usage-error.ts';

const HELP_COLUMNS = 110;

/** Runs one command line to its end. Never rejects: whatever happens is said, and is in the exit code. */
export const runCli = async (surroundings: Surroundings): Promise<ExitCode> => {
  const { args, env, stdout, stderr, signal, readerGone, version } = surroundings;
  let output = createOutput({ stdout, stderr });
  let exitCode: ExitCode = EXIT.finished;
  const program = createProgram({
    commands: COMMANDS,
    version,
    width: Math.min(stdout.columns || HELP_COLUMNS, HELP_COLUMNS),
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => stderr.write(text),
    run: async (command, operands, options) => {
      output = createOutput({ stdout, stderr, readerGone, colour: !env.NO_COLOR, ...options });
      checkOperands(command, operands);
      const call = await callOf({ operands, options, output, surroundings });
      const given: Given = { command, operands, options, workspaceName: () => call.workspaceName };
      exitCode = await command.run(call).catch((error: unknown) => {
        throw argumentError(error, given);
      });
    },
  });
  signal.addEventListener('abort', () => output.hint('Ending; Ctrl-C again stops at once.'), { once: true });
  try {
    await program.parseAsync(args[0] === 'help' ? [...args.slice(1), '--help'] : args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof ReaderGone) return EXIT.finished;
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
  const sources = await settingSources(options as SettingValues, surroundings);
  let known: Settings | undefined;
  const settings = () => (known ??= readSettings(sources));
  return {
    operands,
    options: options as Call<Options>['options'],
    output,
    surroundings,
    signal: surroundings.signal,
    // Read when asked for: a setting that is wrong is nothing to a command that needs none.
    get settings() {
      return settings();
    },
    get workspaceName() {
      return settings().workspaceName;
    },
    connect: ({ attempts = 3, withoutKey = false } = {}) => {
      const { apiUrl, apiKey } = settings();
      if (apiKey === undefined && !withoutKey) {
        throw new UsageError(`There is no API key for ${apiUrl}: \`sluice login\`, or set API_KEY.`);
      }
      const { warn: onWarning } = output;
      return createClient({
        baseUrl: apiUrl,
        apiKey: apiKey ?? '',
        retry: { attempts },
        proxies: surroundings.env,
        onWarning,
      });
    },
  };
};
