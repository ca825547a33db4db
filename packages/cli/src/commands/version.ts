import { defineCommand } from '../command-line/command.ts';
import { EXIT } from '../exit-codes.ts';

export const version = defineCommand({
  words: 'version',
  operands: '',
  summary: 'Show the version',
  options: {},
  examples: ['version'],
  run: async ({ output, surroundings }) => {
    output.result({ version: surroundings.version }, surroundings.version);
    return EXIT.finished;
  },
});
