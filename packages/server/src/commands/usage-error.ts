/** The command line was not understood; without a message the usage is shown. */
export class UsageError extends Error {}
