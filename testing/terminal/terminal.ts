import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

const BIN = join(import.meta.dirname, '..', '..', 'node_modules', '.bin');

/** Installs what Debian has of these commands and this machine has not. */
export const needCommands = (...commands: string[]): void => {
  const missing = commands.filter((command) => spawnSync('which', [command]).status !== 0);
  if (missing.length === 0) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-qq'],
    ['install', '-qq', '--no-install-recommends', ...missing],
  ]) {
    const { status } = spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) throw new Error(`${missing.join(', ')} could not be installed.`);
  }
};

export type Terminal = {
  /** The folder it starts in. */
  home: string;
  /** Keys as tmux calls them: text as it is, `Enter`, `Tab`, `C-c`. */
  keys(...keys: string[]): Promise<void>;
  /** What stands on it now. @param how with the sequences that give it its colours */
  screen(how?: { coloured: boolean }): Promise<string>;
  /** Resolves to the screen once it matches. @throws Error with the last screen after 20 s */
  shows(pattern: RegExp): Promise<string>;
  /** An empty screen, for what comes next. */
  clear(): Promise<void>;
  close(): Promise<void>;
};

const PATIENCE_MS = 20_000;
const LOOK_MS = 50;

/**
 * A real terminal with a shell in it, in a home of its own.
 * @param settings environment beyond what a shell needs
 */
export const openTerminal = async (shell: string[], settings: Record<string, string>): Promise<Terminal> => {
  const home = await mkdtemp(join(tmpdir(), 'sluice-terminal-'));
  const socket = join(home, 'tmux');
  const env = {
    ...{
      PATH: `${BIN}:/usr/bin:/bin`,
      HOME: home,
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      PS1: '$ ',
      ...settings,
    },
  };
  const run = promisify(execFile);
  const tmux = async (...args: string[]) =>
    (await run('tmux', ['-S', socket, '-f', '/dev/null', ...args], { env })).stdout;
  await tmux('new-session', '-d', '-x', '120', '-y', '30', '-c', home, ...shell);

  const screen: Terminal['screen'] = async ({ coloured } = { coloured: false }) =>
    (await tmux('capture-pane', '-p', ...(coloured ? ['-e'] : []))).trimEnd();
  const shows = async (pattern: RegExp) => {
    let last = '';
    for (
      const until = performance.now() + PATIENCE_MS;
      performance.now() < until;
      await setTimeout(LOOK_MS)
    ) {
      last = await screen();
      if (pattern.test(last)) return last;
    }
    throw new Error(`The terminal does not show ${pattern}, but:\n${last}`);
  };
  const keys = async (...given: string[]) => {
    for (const key of given) await tmux('send-keys', ...(NAMED.test(key) ? [key] : ['-l', key]));
  };
  await shows(/\$ $|\$$/);
  return {
    home,
    keys,
    screen,
    shows,
    clear: async () => {
      await keys('C-u', 'clear', 'Enter');
      await shows(/^\$\s*$/);
    },
    close: async () => {
      await tmux('kill-server').catch(() => {});
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

const NAMED = /^(Enter|Tab|C-[a-z])$/;
