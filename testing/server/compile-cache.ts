import { fileURLToPath } from 'node:url';

/**
 * For the environment of a process that a test starts: where Node keeps the code it has compiled, freed of its types. A
 * start takes a third of the processor time with it.
 */
export const COMPILE_CACHE = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../node_modules/.compile-cache', import.meta.url)),
};
