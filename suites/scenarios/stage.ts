import type { Actor, Address } from './actor.ts';
import type { Workspace } from './workspace.ts';

/** What a scenario plays on: all of it is its own. */
export type Stage = {
  actor: Actor;
  /** The same actor under another key or at another address. */
  actorAt: (address: Partial<Address>) => Actor;
  workspace: Workspace;
  /** An empty folder. */
  folder: string;
};

/** By what they show. */
export type Scenarios = Readonly<Record<string, (stage: Stage) => Promise<void>>>;
