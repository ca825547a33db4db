import type { ValidationProblem } from '@sluice/contract';
import { isRawNumber } from '../../domain/json/numbers.ts';

/** Characters of a wrong value, and of a step to it, that an answer repeats; and of all problems of an answer together. */
export const SHOWN = { input: 1_000, step: 200, answer: 64_000 } as const;

/**
 * Problems as they are answered: what a client sent wrong is shown to it, but a value of megabytes only by its
 * beginning, and a million wrong values by the first of them. What is of an ordinary size stays as it is.
 */
export const shownProblems = (problems: readonly ValidationProblem[]): ValidationProblem[] => {
  const shown: ValidationProblem[] = [];
  let room = SHOWN.answer;
  for (const problem of problems) {
    const loc = problem.loc.map((step) => (typeof step === 'string' ? beginning(step, SHOWN.step) : step));
    const one = { ...problem, loc, input: shorten(problem.input, { left: SHOWN.input }) };
    room -= JSON.stringify(one).length;
    if (room < 0 && shown.length > 0) break;
    shown.push(one);
  }
  return shown;
};

/** @param room characters that may still be shown; what lies behind them is cut, with the sign `…` in its place */
const shorten = (value: unknown, room: { left: number }): unknown => {
  if (typeof value === 'string') {
    const text = beginning(value, room.left);
    room.left -= text.length + 2;
    return text;
  }
  room.left -= 4;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) {
      if (room.left <= 0) return [...items, CUT];
      items.push(shorten(item, room));
    }
    return items;
  }
  if (typeof value !== 'object' || value === null || isRawNumber(value)) return value;
  const entries: [string, unknown][] = [];
  for (const key of Object.keys(value)) {
    if (room.left <= 0) {
      entries.push([CUT, CUT]);
      break;
    }
    const name = beginning(key, Math.min(room.left, SHOWN.step));
    room.left -= name.length + 4;
    entries.push([name, shorten((value as Record<string, unknown>)[key], room)]);
  }
  return Object.fromEntries(entries);
};

const CUT = '…';

/** Whole characters only: half a pair would be no text any more. */
const beginning = (text: string, most: number): string => {
  if (text.length <= most) return text;
  const end = Math.max(0, most);
  const isHalf = /[\ud800-\udbff]/.test(text.charAt(end - 1));
  return text.slice(0, isHalf ? end - 1 : end) + CUT;
};
