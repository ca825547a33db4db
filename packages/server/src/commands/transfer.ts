import type { Config } from '../config.ts';

/** Being written. */
export const transferCommand = async (_config: Config, _args: string[]): Promise<void> => {
  throw new Error('not there yet');
};
