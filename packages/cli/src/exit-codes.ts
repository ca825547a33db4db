/** How the process ends. Scripts build on these numbers: none is ever given another meaning. */
export const EXIT = {
  finished: 0,
  someFailed: 1,
  usage: 2,
  refused: 3,
  unreachable: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** In the words of the help. */
export const EXIT_MEANINGS: readonly [ExitCode, string][] = [
  [EXIT.finished, 'all finished'],
  [
    EXIT.someFailed,
    'some files failed, were left out, or were not through in time; or this machine failed (a full disk)',
  ],
  [EXIT.usage, 'wrong usage: nothing was done'],
  [EXIT.refused, 'the server refused (401, 402, 403, 404, 406, 409, 422 and the like)'],
  [EXIT.unreachable, 'the server could not be reached, could not answer, or not within --timeout-s'],
  [EXIT.interrupted, 'interrupted (Ctrl-C, SIGTERM)'],
];
