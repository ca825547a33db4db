import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { preparePython } from '../../testing/python/python-environment.ts';
import { installGoProgram, installPostgres } from '../../testing/services/install.ts';
import { needCommands } from '../../testing/terminal/terminal.ts';

/** The loader of `docker compose`, without the rest of it. Of later versions this command takes no variables. */
const COMPOSE_LOADER = { package: 'github.com/compose-spec/compose-go/v2/cmd', version: 'v2.1.6' };

/**
 * Installs what the blocks call and this machine has not.
 * @param folder an empty one
 * @returns folders of programs
 */
export const installTools = async (folder: string): Promise<string[]> => {
  needCommands('jq', 'rclone', 'zsh', 'curl', 'nginx');
  const programs = join(folder, 'programs');
  mkdirSync(programs);
  symlinkSync(await installGoProgram(COMPOSE_LOADER), join(programs, 'compose-loader'));
  return [programs, dirname(preparePython('official-sdk')), installPostgres()];
};
