import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

export type Ran = { output: string; status: number };

/** One bash for all blocks of a page: what one of them sets, starts or makes is there for the next. */
export type Shell = {
  /**
   * Runs commands as they stand. Both outputs come as one, as at a terminal.
   * @param whole ends at the first command that fails, as a script of `set -e` does
   * @throws where they end the shell, or take more than two minutes
   */
  run(commands: string, whole?: boolean): Promise<Ran>;
  /** Ends the shell, and what it started. */
  close(): Promise<void>;
};

const PATIENCE_MS = 120_000;
const END = /\n?--- ended with (\d+) ---\n$/;

/** @param env all that the commands know of the environment */
export const openShell = (folder: string, env: Record<string, string>, start: string): Shell => {
  const file = join(env.SCRATCH ?? folder, 'commands.sh');
  const bash = spawn('bash', ['--noprofile', '--norc'], { cwd: folder, env, detached: true });
  const exited = once(bash, 'exit');
  let output = '';
  let look = () => {};
  for (const stream of [bash.stdout, bash.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      look();
    });
  // Job control: what stays is a group of its own, and Ctrl-C reaches it. Nothing reads the shell's own input.
  bash.stdin.write(`exec 2>&1; set -m; . '${start}'\n`);

  const run: Shell['run'] = async (commands, whole = false) => {
    writeFileSync(file, `${whole ? "trap 'return $?' ERR\n" : ''}${commands}\n`);
    output = '';
    const ended = Promise.withResolvers<Ran>();
    const timer = setTimeout(() => ended.reject(new Error(`No end in sight:\n${output}`)), PATIENCE_MS);
    void exited.then(() => ended.reject(new Error(`The shell ended:\n${output}`)));
    look = () => {
      const status = END.exec(output)?.[1];
      if (status !== undefined) ended.resolve({ output: output.replace(END, ''), status: Number(status) });
    };
    bash.stdin.write(
      `(exit \${LAST:-0}); . '${file}' </dev/null; LAST=$?; trap - ERR; printf '\\n--- ended with %s ---\\n' $LAST\n`,
    );
    try {
      return await ended.promise;
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    run,
    close: async () => {
      const isOver = bash.exitCode !== null || bash.signalCode !== null;
      if (!isOver) bash.stdin.end('end_what_stays; exit 0\n');
      await exited;
    },
  };
};

/** Environment of a page: little of that of the machine is passed on. */
export const environment = (
  home: string,
  scratch: string,
  path: readonly string[],
): Record<string, string> => ({
  PATH: [...path, process.env.PATH, '/usr/sbin'].join(':'),
  HOME: home,
  LANG: 'C.UTF-8',
  TERM: 'dumb',
  SCRATCH: scratch,
  // Where npm gets packages is the machine's affair.
  NPM_CONFIG_USERCONFIG: join(homedir(), '.npmrc'),
  NPM_CONFIG_CACHE: join(homedir(), '.npm'),
  ...(process.env.NODE_EXTRA_CA_CERTS ? { NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS } : {}),
});
