import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';

/** What tests know of the store behind a production server. */
const OF_THE_STORE = ['STORE_TELLS_SECONDS', 'UPLOADS_GO_TO_A_BUCKET'];

/**
 * Runs the suite's tests. Home and working folder are empty ones and little of the environment is passed on: the SDK
 * reads `~/.deepset-cloud/.env`, `./.env` and the proxy variables.
 * @param keys as many tests run at a time, each with one of these
 * @returns exit status of pytest
 */
export const runPytest = async ({
  python,
  url,
  keys,
  scratch,
  suite,
  args,
}: {
  python: string;
  url: string;
  keys: string[];
  scratch: string;
  /** Folder of the tests. */
  suite: string;
  args: string[];
}): Promise<number> => {
  const home = join(scratch, 'home');
  await mkdir(home);
  const pytest = spawn(
    python,
    [
      '-m',
      'pytest',
      '-c',
      join(suite, 'pytest.ini'),
      `--basetemp=${join(scratch, 'files')}`,
      `--numprocesses=${keys.length}`,
      '--max-worker-restart=0',
      suite,
      ...args,
    ],
    {
      cwd: home,
      stdio: 'inherit',
      env: {
        PATH: `${dirname(python)}:${process.env.PATH}`,
        HOME: home,
        LANG: 'C.UTF-8',
        TERM: process.env.TERM,
        PYTHONDONTWRITEBYTECODE: '1',
        API_URL: `${url}/api/v1`,
        API_KEYS: keys.join(' '),
        DEFAULT_WORKSPACE_NAME: 'default',
        ...Object.fromEntries(OF_THE_STORE.map((name) => [name, process.env[name]])),
      },
    },
  );
  const pass = (signal: NodeJS.Signals) => pytest.kill(signal);
  const ignore = () => {}; // a terminal sends Ctrl-C to pytest as well: tidy up after it
  process.on('SIGTERM', pass).on('SIGINT', ignore);
  const [code] = await once(pytest, 'exit');
  process.off('SIGTERM', pass).off('SIGINT', ignore);
  return code ?? 1;
};
