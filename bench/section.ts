import type { Table } from './table.ts';

export type Context = {
  runs: number;
  /** Small amounts: to see that it works, not how fast. */
  quick: boolean;
  /** Whether to send the file of several gigabytes. */
  large: boolean;
  seed: number;
  /** A folder for what sections write; it is removed at the end. */
  scratch: string;
  /** Tells the person who waits what is going on. */
  say(text: string): void;
};

/** `met` is about this machine at that moment: the bench reports it and never fails for it. */
export type Aim = { aim: string; seen: string; met: boolean };

export type SectionResult = {
  tables: Table[];
  aims: Aim[];
  notes: string[];
  /** Everything measured, for the JSON. */
  data: unknown;
};

export type Section = { name: string; title: string; run(context: Context): Promise<SectionResult> };
