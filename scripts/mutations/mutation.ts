/** A change to the sources that breaks a promise, and the tests that must notice it. */
export type Mutation = {
  /** The broken promise, in one plain sentence without its full stop. */
  what: string;
  /** Below `packages/`. */
  file: string;
  /** Stands in the file once. */
  from: string;
  to: string;
  /** Files of tests below `packages/`. Few, and quick: one of them is enough. */
  tests: readonly string[];
};
