import type { ValidationProblem } from '@sluice/contract';

/**
 * A reader of one kind of value: what the schema wants, made from what was sent, or `Refused`. It never throws, never
 * changes its input, and knows nothing of where the value stands: whoever holds the value adds that.
 */
export type Kind = (input: unknown) => unknown;

/** Why a value was not read; `loc` of each problem is relative to that value. A class, so that no input can pose as one. */
export class Refused {
  readonly problems: ValidationProblem[];

  constructor(problems: ValidationProblem[]) {
    this.problems = problems;
  }
}

/**
 * Problems of one list or record: enough to be told, few enough that a body of a million bad items is not answered with
 * a hundred times its size.
 */
export const MAX_PROBLEMS = 1000;

/** Types and wording are those of pydantic 2.13: clients show them, and some switch on them. */
export const refuse = (type: string, msg: string, input: unknown, ctx?: Record<string, unknown>): Refused =>
  new Refused([ctx === undefined ? { type, loc: [], msg, input } : { type, loc: [], msg, input, ctx }]);

/** Adds a step in front of where each problem stands. */
export const within = (step: string | number, problems: ValidationProblem[]): ValidationProblem[] => {
  for (const problem of problems) problem.loc.unshift(step);
  return problems;
};
