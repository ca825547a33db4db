import {
  isStoreName,
  STORE_NAMES,
  type StoreName,
  soonestStore,
  USUAL_STORES,
} from '../../testing/services/stores.ts';

export const USAGE = `Usage:
  npm run services -- [--store NAME] [--fast]
      starts PostgreSQL and a store (by default the one that is there soonest), prints the settings that point
      sluiced at them, stays until Ctrl-C
  npm run services -- run [--store NAME]… [--fast] COMMAND [ARGUMENT]…
      starts PostgreSQL and the stores (by default ${USUAL_STORES.join(' and ')}), runs the command with SLUICE_TEST_SERVICES set, stops them,
      ends with the command's exit code
Stores: ${STORE_NAMES.join(', ')}. --fast: PostgreSQL flushes nothing to disk.`;

export type Invocation = {
  stores: StoreName[];
  fast: boolean;
  /** Absent: the services stay until they are told to stop. */
  command?: [string, ...string[]];
};

/** Options end at the first word that is none: the command's own options are its own. Throws an Error whose message is for people. */
export const parseArguments = (words: string[], soonest = soonestStore): Invocation => {
  const rest = [...words];
  const runs = rest[0] === 'run';
  if (runs) rest.shift();
  const stores: StoreName[] = [];
  let fast = false;
  while (rest[0]?.startsWith('-')) {
    const option = rest.shift();
    if (option === '--fast') fast = true;
    else if (option === '--store') stores.push(storeName(rest.shift()));
    else throw new Error(`Unknown option ${option}`);
  }
  const [program, ...args] = rest;
  if (!runs) {
    if (program !== undefined) throw new Error(`Unknown argument ${program}`);
    if (stores.length > 1) throw new Error('Only one store can be printed');
    return { stores: stores.length > 0 ? stores : [soonest()], fast };
  }
  if (program === undefined) throw new Error('run needs a command');
  return { stores: stores.length > 0 ? stores : USUAL_STORES, fast, command: [program, ...args] };
};

const storeName = (name: string | undefined): StoreName => {
  if (name === undefined || !isStoreName(name))
    throw new Error(`There is no store ${name ?? 'without a name'}`);
  return name;
};
