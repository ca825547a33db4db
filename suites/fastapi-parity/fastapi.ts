import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Answer, Case } from '../../testing/fastapi/fastapi.ts';
import { preparePython } from '../../testing/python/python-environment.ts';

const HERE = import.meta.dirname;

/** Puts cases to the application in `app.py`, in a Python that has what `requirements.txt` pins. */
export const askFastApi = (cases: readonly Case[]): Answer[] => {
  const python = preparePython('fastapi-parity');
  return JSON.parse(run(python, ['-B', '-W', 'ignore', join(HERE, 'answer.py')], JSON.stringify(cases)));
};

const run = (command: string, parameters: string[], input: string): string => {
  const { status, stdout, stderr, error } = spawnSync(command, parameters, {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ended with ${status}\n${stderr}`);
  return stdout;
};
