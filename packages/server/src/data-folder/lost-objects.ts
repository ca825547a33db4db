import type { LostObject } from '../service/ports/telling.ts';

/** Objects that are remembered, at most; a loss of more is told again. */
const REMEMBERED = 10_000;

/** Tells of each lost object once, however often it is asked for. */
export const tellOnce = (tell: (lost: LostObject) => void): ((lost: LostObject) => void) => {
  const told = new Set<string>();
  return (lost) => {
    if (told.has(lost.key)) return;
    if (told.size >= REMEMBERED) told.clear();
    told.add(lost.key);
    tell(lost);
  };
};
