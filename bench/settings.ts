import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';

export type Settings = {
  runs: number;
  only: string[];
  quick: boolean;
  large: boolean;
  seed: number;
  folder: string;
};

export const USAGE = `npm run bench -- [options]

  --only <section>   forms, session, large, pages, client-memory, python-sdk, workers
                     or neighbours;
                     may be given more than once
  --runs <number>    runs of each measurement (5)
  --quick            small amounts: shows that it works, not how fast it is
  --no-large         without the upload of 5 GB
  --seed <number>    where all random content begins (1)
  --dir <folder>     where to put data meanwhile (the system's folder for temporary files)
  --help
`;

/** Undefined where help is asked for. @throws Error with a sentence for people */
export const readSettings = (args: string[], sections: readonly string[]): Settings | undefined => {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', multiple: true, default: [...sections] },
      runs: { type: 'string', default: '5' },
      quick: { type: 'boolean', default: false },
      'no-large': { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      dir: { type: 'string', default: tmpdir() },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const unknown = values.only.find((name) => !sections.includes(name));
  if (unknown) throw new Error(`There is no section "${unknown}", only ${sections.join(', ')}`);
  return {
    runs: whole('--runs', values.runs, 1, 1000),
    only: values.only,
    quick: values.quick,
    large: !values['no-large'],
    seed: whole('--seed', values.seed, 0, 2 ** 31),
    folder: values.dir,
  };
};

const whole = (name: string, text: string, min: number, max: number): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new Error(`${name} takes a whole number from ${min} to ${max}, not "${text}"`);
  }
  return value;
};
